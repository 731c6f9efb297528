"""Use cases: fetch, ask the domain, write. Nothing here knows of HTTP."""

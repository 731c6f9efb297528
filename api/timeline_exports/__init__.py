"""A case's timeline as a file: JSON lines, CSV, and a PDF that a court can read."""

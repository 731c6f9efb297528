"""Shapes that come in and go out over HTTP, one file per subject."""

"""Everyone's first page."""

"""Pages about those who work here, and for coming in."""

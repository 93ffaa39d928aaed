"""Pages about one customer."""

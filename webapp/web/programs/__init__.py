"""Pages about programs and their keys."""

"""Pages about cases and what managers decide."""

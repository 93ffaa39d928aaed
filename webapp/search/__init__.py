"""Lists and searches of any size."""

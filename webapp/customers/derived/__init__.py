"""What is derived from the customers so that lists and searches stay quick on SQLite."""

"""What makes lists and searches quick, on each engine in its own way, and keeps it in step with the customers."""

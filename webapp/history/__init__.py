"""What happened, verifiably."""

"""Data in and out: another database, sample people."""

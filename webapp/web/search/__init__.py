"""Addresses of lists and searches."""

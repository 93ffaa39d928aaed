"""Customers and the rules about them. Nothing here knows of HTTP."""

"""Machines that come in: their keys, and calls that may come twice."""

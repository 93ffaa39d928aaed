"""Clients of others' making: generated from the description, compiled strictly, and let live."""

"""Gatebook: the customer book of a company that takes payments from people."""

"""Entries of the blacklist that no customer needs to have: values that are denied, or allowed."""

"""The tests that keep the house."""

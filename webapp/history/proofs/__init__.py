"""Proofs about the log: its tree, signed roots and where they are kept, and what was proved."""

"""Where the pages of a list begin, so that a list neither counts nor skips."""

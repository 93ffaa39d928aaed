"""The words of the pages: terms, and how numbers and times are written."""

"""Cases, and what managers decide about them."""

"""Who works here, what they may do, and how they sign in. Nothing here knows of HTTP."""

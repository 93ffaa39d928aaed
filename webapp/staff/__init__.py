"""Who works here, what they may do, and how they come in. Nothing here knows of HTTP."""

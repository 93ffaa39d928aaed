"""What all doors share: what a route needs, headers, request ids, logs, health."""

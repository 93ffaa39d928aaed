"""Programs that use the API: their keys, and idempotency of their calls."""

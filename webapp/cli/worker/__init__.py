"""The worker: jobs one after another, and beside them the courier of webhooks."""

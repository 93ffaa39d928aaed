"""Webhooks: changes sent to addresses of other systems, as Standard Webhooks says
(standardwebhooks.com): signed, retried for days, in order for each customer.

The feed is the queue. `handing_out` turns its next stretch into deliveries of an endpoint, each
once; `delivering` sends what is due, and stores what came of it.
"""

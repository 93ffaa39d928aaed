"""What the business knows: customers, the rules about them,
and what happened to them. Nothing here knows of HTTP.
"""

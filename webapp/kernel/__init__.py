"""What knows nothing of customers: the database, fields, folding, refusals, sealing, the clock."""

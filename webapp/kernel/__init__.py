"""What knows nothing of customers: database, fields, folding, refusals, sealing, clock."""

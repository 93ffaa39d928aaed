"""Phone numbers and their countries: E.164, numbering plans, how people spell them."""

"""Two records of one person become one customer, and can become two again."""

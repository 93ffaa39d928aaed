"""What managers decide: the queue, reviews and their undoing, removals, who is at which case."""

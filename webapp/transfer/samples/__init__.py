"""Sample people: made up, deterministic, from many places, in many scripts. None of them exists."""

"""Typing errors: whether two names differ by nothing else."""

from rapidfuzz.distance import OSA

# How many letters a name needs to tolerate this many typing errors.
MIN_LETTERS = {1: 5, 2: 12}


def is_close(one: str, other: str) -> bool:
    """Whether two names (`name_key`) differ only by typing errors: a letter left out, added or
    changed, or two swapped.

    One error is tolerated from five letters on, two from twelve (optimal string alignment
    distance).
    """
    letters = min(len(one.replace(" ", "")), len(other.replace(" ", "")))
    slips = max((slips for slips, fewest in MIN_LETTERS.items() if letters >= fewest), default=0)
    return letters > 0 and OSA.distance(one, other, score_cutoff=slips) <= slips

"""How thorough a proof is: short in each run of the suite, long in `make proofs`."""

import os

IS_LONG = bool(os.environ.get("GATEBOOK_LONG_PROOFS"))


def rounds(short: int, long: int) -> int:
    """How many times to try something; the assertions are the same either way."""
    return long if IS_LONG else short

"""How long a proof is: short in every run of the suite, long in `make proofs`."""

import os

IS_LONG = bool(os.environ.get("GATEBOOK_LONG_PROOFS"))


def rounds(short: int, long: int) -> int:
    """How often something is tried; what must hold is the same."""
    return long if IS_LONG else short

"""Inputs invented independently of the code: people, and what is typed to find, check
or add them.
"""

from tests.corpus import names, pastes, people, phones
from tests.corpus.details import SAVED
from tests.corpus.evasions import EVASIONS
from tests.corpus.innocent import INNOCENT
from tests.corpus.refusals import REFUSED
from tests.corpus.shapes import Evasion, Pair, Refused, Saved
from tests.corpus.unpromised import NOT_FOUND

PAIRS: list[Pair] = [*people.PAIRS, *names.PAIRS, *pastes.PAIRS, *phones.PAIRS]

__all__ = [
    "EVASIONS",
    "INNOCENT",
    "NOT_FOUND",
    "PAIRS",
    "REFUSED",
    "SAVED",
    "Evasion",
    "Pair",
    "Refused",
    "Saved",
]

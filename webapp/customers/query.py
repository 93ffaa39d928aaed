"""What a person means by a search: words, parts of a phone number, the beginning of a reference or an id."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from uuid import UUID

from webapp.customers.folding import fold, name_key
from webapp.customers.phones import looks_like_phone, searched_digits

REFERENCE_START = re.compile(r"[a-z0-9._-]{3,64}", re.ASCII)
ID_START = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}", re.ASCII)
FEWEST_PHONE_DIGITS = 3


@dataclass(frozen=True)
class Query:
    """A search as it was understood.

    Attributes:
        folded: The whole text, folded.
        terms: Every term must be found, each in any of its spellings.
        digits: What the parts of a phone number may be in the book.
        reference: The beginning of a reference, lower case.
        id_range: First and last id that begin as typed.
        name_keys: `name_key` of the words read as first and last name, and the other way round.
    """

    folded: str
    terms: tuple[tuple[str, ...], ...] = ()
    digits: tuple[str, ...] = ()
    reference: str | None = None
    id_range: tuple[UUID, UUID] | None = None
    name_keys: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What was probably searched for: `email`, `phone`, `name`, or nothing in particular (the empty text)."""
        if "@" in self.folded:
            return "email"
        if self.digits and len(self.terms) == 1:
            return "phone"
        return "" if any(character.isdecimal() for character in self.folded) else "name"

    @property
    def words(self) -> tuple[str, ...]:
        """What to mark in names and addresses."""
        return tuple(part for term in self.terms for part in term)


@lru_cache(maxsize=256)
def understand(text: str) -> Query:
    """Read a search text; the empty text asks for nothing."""
    folded = " ".join(fold(text).split())
    if not folded:
        return Query(folded)
    terms: list[tuple[str, ...]] = []
    digits: list[str] = []
    for is_phone, group in groupby(folded.split(" "), looks_like_phone):
        words = list(group)
        spellings = _phone_spellings(words) if is_phone else []
        if spellings:
            terms.append(tuple(spellings))
            digits.extend(spellings)
        else:
            terms.extend((word,) for word in words)
    return Query(
        folded,
        tuple(terms),
        tuple(digits),
        folded if REFERENCE_START.fullmatch(folded) else None,
        _id_range(folded),
        _name_keys(folded),
    )


def _phone_spellings(words: list[str]) -> list[str]:
    """The digits that neighbouring words may be together; none when there are too few to speak of a phone."""
    spellings = searched_digits("".join(words))
    if not spellings or len(spellings[0]) < FEWEST_PHONE_DIGITS:
        return []
    return spellings


def _id_range(folded: str) -> tuple[UUID, UUID] | None:
    if not ID_START.fullmatch(folded):
        return None
    start = folded.replace("-", "")
    return (UUID(start.ljust(32, "0")), UUID(start.ljust(32, "f"))) if len(start) <= 32 else None


def _name_keys(folded: str) -> tuple[str, ...]:
    first, _, last = folded.rpartition(" ")
    return (name_key(first, last), name_key(last, first)) if first else ()

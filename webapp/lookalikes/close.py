"""How close two addresses, names or birthdays are, beyond being equal in another spelling."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from webapp.customers.fields import email_person
from webapp.kernel.folding import person_words
from webapp.lookalikes.name_spellings import one_name

MAX_REMEMBERED = 10_000
# How many letters a local part, or a word of a name, needs to tolerate this many typing errors.
MIN_LETTERS = {1: 4, 2: 7}
MAX_SLIPS_IN_DOMAIN = 2
# Two addresses further apart than this, typing errors and dots together, need no closer look.
MAX_SLIPS_AND_SIGNS, SIGNS = 10, "._-"
# Mailboxes of an office, not of a person (RFC 2142, and what is usual beside it).
ROLES = frozenset({
    "abuse", "accounts", "admin", "billing", "contact", "enquiries", "finance", "hello", "help",
    "hostmaster", "hr", "info", "mail", "marketing", "noc", "noreply", "office", "postmaster",
    "sales", "security", "service", "support", "team", "webmaster",
})  # fmt: skip
# Of two whose names have a word in common, local parts may differ by so many letters.
MAX_SLIPS_OF_NAMESAKES, MIN_LETTERS_OF_NAMESAKES = 4, 7
# Birthdays with nothing in common, more years apart than these, are of two people: typing errors
# leave something, and the next decade is ten years away.
MAX_YEARS_OF_SLIPS = 10
# Chosen on labelled people (`make bench-linkage`): lower, and different names are taken for one.
MIN_LIKENESS, MIN_LIKENESS_OF_PARTS = 0.9, 0.88


@lru_cache(MAX_REMEMBERED)
def words_of(first_name: str | None, last_name: str | None) -> tuple[str, ...]:
    """The folded words of a name, each under the one word for all its spellings."""
    return tuple(
        one_name(word) for name in (first_name, last_name) for word in person_words(name or "")
    )


def is_close_email(one: str, other: str, *, are_namesakes: bool) -> bool:
    """Whether two mailboxes differ, but by typing errors only.

    Args:
        are_namesakes: Their names have a word in common, so that more may differ.
    """
    if _are_far(one, other):
        return False
    mine, _, my_domain = email_person(one).rpartition("@")
    theirs, _, their_domain = email_person(other).rpartition("@")
    if (mine, my_domain) == (theirs, their_domain):
        return False
    letters = min(_letters(mine), _letters(theirs))
    slips = max((n for n, fewest in MIN_LETTERS.items() if letters >= fewest), default=0)
    if are_namesakes and my_domain == their_domain and letters >= MIN_LETTERS_OF_NAMESAKES:
        slips = MAX_SLIPS_OF_NAMESAKES
    if are_namesakes and (mine == theirs or _local_part(one) == _local_part(other)):
        is_distinctive = letters >= MIN_LETTERS[1] and ROLES.isdisjoint((mine, theirs))
        return is_distinctive or _differ_by(my_domain, their_domain, MAX_SLIPS_IN_DOMAIN)
    return slips > 0 and _differ_by(f"{mine}@{my_domain}", f"{theirs}@{their_domain}", slips)


def _are_far(one: str, other: str) -> bool:
    """Whether two addresses are so far from each other that nothing more need be compared."""
    if "+" in one + other or _local_part(one) == _local_part(other):
        return False
    return not _differ_by(one.lower(), other.lower(), MAX_SLIPS_AND_SIGNS)


def _local_part(address: str) -> str:
    return address.partition("@")[0].lower()


def _letters(local: str) -> int:
    return len(local) - sum(map(local.count, SIGNS))


def _differ_by(one: str, other: str, most: int) -> bool:
    return OSA.distance(one, other, score_cutoff=most) <= most


def are_namesakes(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two names have a word in common, or almost."""
    return any(
        _are_like(one, other, MIN_LIKENESS)
        for one in mine
        for other in theirs
        if min(len(one), len(other)) > 1
    )


def are_like_names(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether two names have the same words but for typing errors, in order or turned round."""
    if len(mine) != len(theirs) or len(mine) < 2:
        return False
    return any(
        all(_are_like(one, other, MIN_LIKENESS) for one, other in zip(mine, turned, strict=True))
        for turned in (theirs, tuple(reversed(theirs)))
    )


def is_part_of(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    """Whether each word of the shorter name is one of the longer, or its initial."""
    shorter, longer = sorted((mine, theirs), key=len)
    left = list(longer)
    for word in sorted(shorter, key=len, reverse=True):  # whole words before initials
        match = next((one for one in left if _may_stand_for(word, one)), None)
        if match is None:
            return False
        left.remove(match)
    return bool(shorter)


def _may_stand_for(word: str, other: str) -> bool:
    if min(len(word), len(other)) == 1:
        return word[0] == other[0]
    return _are_like(word, other, MIN_LIKENESS_OF_PARTS)


def _are_like(one: str, other: str, least: float) -> bool:
    if one == other or (min(len(one), len(other)) >= MIN_LETTERS[1] and _differ_by(one, other, 1)):
        return True
    return JaroWinkler.similarity(one, other, score_cutoff=least) >= least


def is_close_birthday(one: str, other: str) -> bool:
    """Whether two birthdays differ, but by one digit only, or by day and month turned round."""
    slips = sum(mine != theirs for mine, theirs in zip(one, other, strict=True))
    return slips == 1 or (slips > 0 and turned(one) == other)


def turned(birthday: str) -> str:
    """A birthday with its day and month turned round, which need not be a date."""
    year, month, day = birthday.split("-")
    return f"{year}-{day}-{month}"


def are_far_birthdays(one: str | None, other: str | None) -> bool:
    """Whether two birthdays can hardly be of one person: day, month and year differ, by years."""
    if not (one and other) or turned(one) == other:
        return False
    parts = list(zip(one.split("-"), other.split("-"), strict=True))
    years = abs(int(one[:4]) - int(other[:4]))
    return years > MAX_YEARS_OF_SLIPS and all(mine != theirs for mine, theirs in parts)

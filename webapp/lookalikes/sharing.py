"""Phones and mailboxes that many unrelated people share: they say nothing about who is who."""

from collections.abc import Mapping, Sequence, Set
from itertools import combinations

from sqlalchemy import select

from webapp.customers.fields import Details
from webapp.kernel.database import db
from webapp.lookalikes.candidates import Candidate, Record
from webapp.lookalikes.close import are_far_birthdays, are_like_names, is_part_of, words_of
from webapp.lookalikes.models import LookalikePair

VALUES = ("phone", "email")
NAMES_ALIKE = {"name", "close_name", "like_name", "birthday"}
# More people than these with unlike names share a value that says nothing.
MAX_SHARING = 10
# So do so many who were told apart, by somebody or by birthdays and names that are unlike.
FEWEST_TOLD_APART = 3


def forget_shared(
    person: Candidate, records: Mapping[int, Record], signals: Mapping[int, set[str]]
) -> dict[str, int]:
    """Take away the signals of a phone or mailbox that says nothing about those in good standing
    whose names are unlike; a blacklisting counts all the same.

    Returns:
        How many customers share it, by signal.
    """
    shared: dict[str, int] = {}
    for value in VALUES:
        sharers = [seq for seq, some in signals.items() if value in some]
        unlike = [
            seq
            for seq in sharers
            if not records[seq].blacklisted and signals[seq].isdisjoint(NAMES_ALIKE)
        ]
        if len(unlike) > MAX_SHARING or (unlike and _are_told_apart(person, records, sharers)):
            shared[value] = len(sharers) + 1
            for seq in unlike:
                signals[seq].discard(value)
    return shared


def _are_told_apart(
    person: Candidate, records: Mapping[int, Record], sharers: Sequence[int]
) -> bool:
    """Whether three of those who share a value are in pairs that were told apart."""
    if len(sharers) + 1 < FEWEST_TOLD_APART:
        return False
    people: dict[int, Record | Details] = {seq: records[seq] for seq in sharers}
    people[person.seq or 0] = person.details
    apart = {
        frozenset(pair)
        for pair in combinations(people, 2)
        if _are_unlike(people[pair[0]], people[pair[1]])
    }
    return len(set[int]().union(*apart, *_marked(people.keys()))) >= FEWEST_TOLD_APART


def _are_unlike(one: Record | Details, other: Record | Details) -> bool:
    if not are_far_birthdays(one.birthday, other.birthday):
        return False
    mine, theirs = (words_of(some.first_name, some.last_name) for some in (one, other))
    return not (are_like_names(mine, theirs) or is_part_of(mine, theirs))


def _marked(seqs: Set[int]) -> set[frozenset[int]]:
    """Which of these somebody has told apart, so that it counts."""
    pair = LookalikePair
    query = select(pair.one_seq, pair.other_seq).where(
        pair.one_seq.in_(sorted(seqs)),
        pair.other_seq.in_(sorted(seqs)),
        pair.told_apart_at.is_not(None),
        pair.waits_from.is_(None),
    )
    return {frozenset(row) for row in db.session.execute(query)}

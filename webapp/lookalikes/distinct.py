"""Mark two customers as different people, compare them again, and look up which ones were marked.

Where one of them is blacklisted, a mark needs a note, and counts once a second person has agreed;
see `blacklist.reviewing.marks`.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select

from webapp.customers.changes import changing_customer
from webapp.customers.models import Customer
from webapp.history.changes import Change
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict
from webapp.kernel.submission import read_note
from webapp.lookalikes import pairs
from webapp.lookalikes.models import LookalikePair
from webapp.lookalikes.signals import in_order, strongest, weight_of


class MarkedAlready(Conflict):
    code = "told_apart"
    sentence = "{by_name} marked these as different people already"


class NotMarked(Conflict):
    code = "not_marked"
    sentence = "These two are not marked as different people any more"


class NotAlike(Conflict):
    code = "not_alike"
    sentence = "These two are not similar any more"


class OneRecord(NotAlike):
    sentence = "This is one record, not two"


@dataclass(frozen=True)
class PairChange:
    """Two customers who are changed together, and their pair.

    Attributes:
        change, other: The change of each, in the order in which they were named.
        at: When it happens; either history may be a little ahead of the other.
    """

    change: Change[Customer]
    other: Change[Customer]
    pair: LookalikePair | None

    @property
    def at(self) -> datetime:
        return min(self.change.at, self.other.at)

    @property
    def is_guarded(self) -> bool:
        """Whether one is blacklisted, so that the other is held up while they are alike."""
        return self.change.row.blacklisted != self.other.row.blacklisted


@contextmanager
def changing_both(
    customer_id: UUID, other_id: UUID, kind: str, new: dict[str, Any], *, by: Actor
) -> Iterator[PairChange]:
    """Change a pair; in the end, the history of each says so. Both are always locked in the same
    order, so that two callers cannot deadlock.

    Args:
        kind: Of both entries.
        new: What both say, beside who the other is; the caller may add to it.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `not_alike`, it is one record.
    """
    if customer_id == other_id:
        raise OneRecord
    first, second = sorted((customer_id, other_id))
    with changing_customer(first, by=by) as one:
        with changing_customer(second, by=by) as another:
            both = PairChange(
                *_in_order(customer_id, one, another), _find_pair(one.row, another.row)
            )
            yield both
            another.record(kind, new=_about(one.row) | new)
        # Not before: what follows the second change must find the first row as it was.
        one.record(kind, new=_about(another.row) | new)


def _in_order(
    customer_id: UUID, one: Change[Customer], another: Change[Customer]
) -> tuple[Change[Customer], Change[Customer]]:
    return (one, another) if one.row.id == customer_id else (another, one)


def _about(other: Customer) -> dict[str, Any]:
    return {"reference": other.reference, "other": other.seq}


def _find_pair(one: Customer, other: Customer) -> LookalikePair | None:
    key = tuple(sorted((one.seq, other.seq)))
    return db.session.get(LookalikePair, key, populate_existing=True)


def mark_distinct(
    customer_id: UUID, other_id: UUID, *, note: Any = "", by: Actor
) -> tuple[Customer, LookalikePair]:
    """Record, in both histories, that two records are two people, and who said so.

    Args:
        note: Why, up to 2,000 characters; required where one of them is blacklisted.

    Returns:
        The other customer, and the pair with its mark, which may wait for a second person.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `told_apart`, somebody marked them already, or `not_alike`, no signal suggests
            that they are the same person.
    """
    new: dict[str, Any] = {"accountable_id": by.accountable_id}
    with changing_both(customer_id, other_id, "told_apart", new, by=by) as both:
        if both.pair and both.pair.told_apart_at:
            raise MarkedAlready(by_name=both.pair.told_apart_by_name)
        signals = _signals_of(both.change.row, both.other.row, both.pair)
        text = read_note(note, missing=WHY if both.is_guarded else "")
        pair = both.pair or _new_pair(both.change.row, both.other.row)
        pair.signals, pair.weight = " ".join(in_order(signals)), weight_of(signals)
        pair.told_apart_at, pair.told_apart_note = both.at, text
        pair.told_apart_by_id, pair.told_apart_by_name = by.id, by.name
        pair.accountable_id = by.accountable_id
        pair.waits_from = both.at if both.is_guarded else None
        new |= {"marked_at": clock.in_iso(both.at)} | ({"note": text} if text else {})
        return both.other.row, pair


WHY = "Say how you know that they are different people"


def _signals_of(customer: Customer, other: Customer, pair: LookalikePair | None) -> set[str]:
    """All that is known to speak for one person, from either side: what holds somebody up, what is
    shown, and what was found before.

    Raises:
        Conflict: `not_alike`.
    """
    signals = {*(pair.signals.split() if pair else ())}
    signals |= pairs.likeness(customer, other) | pairs.likeness(customer, other, is_shown=True)
    if not signals:
        raise NotAlike
    return strongest(signals)


def _new_pair(customer: Customer, other: Customer) -> LookalikePair:
    one_seq, other_seq = sorted((customer.seq, other.seq))
    pair = LookalikePair(one_seq=one_seq, other_seq=other_seq, found_at=clock.now())
    db.session.add(pair)
    return pair


def compare_again(customer_id: UUID, other_id: UUID, *, note: Any = "", by: Actor) -> Customer:
    """Take the mark off a pair, so that they hold each other up again if they are alike. This makes
    the guard no weaker, so it needs no second person.

    Returns:
        The other customer.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `not_marked`.
    """
    text = read_note(note)
    new = {"note": text} if text else {}
    with changing_both(customer_id, other_id, "compared_again", new, by=by) as both:
        if both.pair is None or both.pair.told_apart_at is None:
            raise NotMarked
        db.session.delete(both.pair)
        db.session.flush()
        for change in (both.change, both.other):
            pairs.note(change.row)
        return both.other.row


def is_told_apart(customer: Customer, other: Customer) -> bool:
    """Whether somebody has marked two as different people."""
    pair = _find_pair(customer, other)
    return pair is not None and pair.told_apart_at is not None


def marked_distinct_from(seqs: Collection[int]) -> dict[int, dict[int, set[str]]]:
    """For each of these customers, those marked as different people to which a second person has
    agreed, with the signals that were known at the time.
    """
    about = or_(LookalikePair.one_seq.in_(seqs), LookalikePair.other_seq.in_(seqs))
    distinct: dict[int, dict[int, set[str]]] = {seq: {} for seq in seqs}
    for row in db.session.scalars(
        select(LookalikePair).where(about, LookalikePair.agreed_at.is_not(None))
    ):
        for one, other in ((row.one_seq, row.other_seq), (row.other_seq, row.one_seq)):
            if one in distinct:
                distinct[one][other] = set(row.signals.split())
    return distinct

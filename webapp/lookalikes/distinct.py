"""Mark two customers as different people, and look up which ones were."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
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
from webapp.lookalikes.candidates import MAX_COMPARED, Candidate
from webapp.lookalikes.pairs import LookalikePair
from webapp.lookalikes.signals import lookalikes_of


class MarkedAlready(Conflict):
    code = "told_apart"
    sentence = "{by_name} marked these as different people already"


class NotAlike(Conflict):
    code = "not_alike"
    sentence = "These two are not similar any more"


class OneRecord(NotAlike):
    sentence = "This is one record, not two"


def mark_distinct(customer_id: UUID, other_id: UUID, *, by: Actor) -> tuple[Customer, Customer]:
    """Record, in both histories, that two records are two people, and who said so.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `told_apart`, somebody marked them already, or `not_alike`, no signal suggests
            that they are the same person.
    """
    with _changing_both(customer_id, other_id, by) as (change, others):
        customer, other = change.row, others.row
        one_seq, other_seq = sorted((customer.seq, other.seq))
        row = db.session.get(LookalikePair, (one_seq, other_seq), populate_existing=True)
        if row and row.told_apart_at:
            raise MarkedAlready(by_name=row.told_apart_by_name)
        alike = lookalikes_of([Candidate(customer.details, customer.seq)], most=MAX_COMPARED)[0]
        match = next(
            (lookalike for lookalike in alike if lookalike.customer.seq == other.seq), None
        )
        if match is None:
            raise NotAlike
        row = row or LookalikePair(one_seq=one_seq, other_seq=other_seq, found_at=clock.now())
        row.signals, row.weight = " ".join(match.signals), match.weight
        row.told_apart_at = _moment_of(change, others)
        row.told_apart_by_id, row.told_apart_by_name = by.id, by.name
        db.session.add(row)
        return customer, other


@contextmanager
def _changing_both(
    customer_id: UUID, other_id: UUID, by: Actor
) -> Iterator[tuple[Change[Customer], Change[Customer]]]:
    """Both customers, always locked in the same order, so that two callers cannot deadlock; in the
    end, the history of each says so.
    """
    if customer_id == other_id:
        raise OneRecord
    first, second = sorted((customer_id, other_id))
    with changing_customer(first, by=by) as one:
        with changing_customer(second, by=by) as another:
            yield (one, another) if first == customer_id else (another, one)
            at = _moment_of(one, another)
            another.record("told_apart", new=_mark(one.row, at))
        # Not before: what follows the second change must find the first row as it was.
        one.record("told_apart", new=_mark(another.row, at))


def _moment_of(one: Change[Customer], another: Change[Customer]) -> datetime:
    """When a pair was marked; either history may be a little ahead of the other."""
    return min(one.at, another.at)


def _mark(other: Customer, at: datetime) -> dict[str, Any]:
    return {"reference": other.reference, "other": other.seq, "marked_at": clock.in_iso(at)}


def marked_distinct_from(seqs: Collection[int]) -> dict[int, dict[int, set[str]]]:
    """For each of these customers, those marked as different people, with the signals that were
    known at the time.
    """
    about = or_(LookalikePair.one_seq.in_(seqs), LookalikePair.other_seq.in_(seqs))
    distinct: dict[int, dict[int, set[str]]] = {seq: {} for seq in seqs}
    for row in db.session.scalars(
        select(LookalikePair).where(about, LookalikePair.told_apart_at.is_not(None))
    ):
        for one, other in ((row.one_seq, row.other_seq), (row.other_seq, row.one_seq)):
            if one in distinct:
                distinct[one][other] = set(row.signals.split())
    return distinct

"""Pairs that wait for managers: somebody in good standing is like somebody blacklisted, and nobody
has marked them as different people.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.lookalikes.models import LookalikePair
from webapp.lookalikes.signals import in_order


@dataclass(frozen=True)
class Match:
    """A customer in good standing who looks like a blacklisted one."""

    customer: Customer
    blacklisted: Customer
    signals: tuple[str, ...]
    found_at: datetime


def matches(*, limit: int, offset: int = 0) -> list[Match]:
    """Good customers who look like blacklisted ones and are not marked distinct: the most similar
    first, then the oldest.
    """
    one, other = aliased(Customer), aliased(Customer)
    query = _undecided(select(LookalikePair, one, other), one, other)
    ordered = query.order_by(
        LookalikePair.weight.desc(),
        LookalikePair.found_at,
        LookalikePair.one_seq,
        LookalikePair.other_seq,
    )
    rows = db.session.execute(ordered.limit(limit).offset(offset))
    return [_match(*row) for row in rows]


def _match(row: LookalikePair, one: Customer, other: Customer) -> Match:
    good, bad = (other, one) if one.blacklisted else (one, other)
    signals = in_order(row.signals.split())
    return Match(good, bad, signals, row.found_at)


def count_matches(*, cap: int) -> int:
    """How many matches await a decision, counted up to a cap."""
    one, other = aliased(Customer), aliased(Customer)
    some = _undecided(select(LookalikePair.one_seq), one, other).limit(cap).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _undecided(query: Any, one: Any, other: Any) -> Any:
    both = query.join(one, one.seq == LookalikePair.one_seq).join(
        other, other.seq == LookalikePair.other_seq
    )
    return both.where(LookalikePair.told_apart_at.is_(None), one.blacklisted != other.blacklisted)

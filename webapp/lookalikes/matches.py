"""Pairs that wait for managers: somebody in good standing is like somebody blacklisted, and nobody
has marked them as different people.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
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
    query = between_standings(LookalikePair, ONE, OTHER).where(UNMARKED)
    ordered = query.order_by(
        LookalikePair.weight.desc(),
        LookalikePair.found_at,
        LookalikePair.one_seq,
        LookalikePair.other_seq,
    )
    rows = db.session.execute(ordered.limit(limit).offset(offset))
    return [_match(*row) for row in rows]


def _match(row: LookalikePair, one: Customer, other: Customer) -> Match:
    return Match(*good_first(one, other), in_order(row.signals.split()), row.found_at)


def count_matches(*, cap: int) -> int:
    """How many matches await a decision, counted up to a cap."""
    some = between_standings(LookalikePair.one_seq).where(UNMARKED).limit(cap).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


UNMARKED = LookalikePair.told_apart_at.is_(None)
ONE, OTHER = aliased(Customer), aliased(Customer)


def between_standings(*columns: Any) -> Select[Any]:
    """The pairs of whom one is blacklisted, with the two customers as `ONE` and `OTHER`."""
    pairs = select(*columns).select_from(LookalikePair)
    pairs = pairs.join(ONE, ONE.seq == LookalikePair.one_seq)
    pairs = pairs.join(OTHER, OTHER.seq == LookalikePair.other_seq)
    return pairs.where(ONE.blacklisted != OTHER.blacklisted)


def good_first(one: Customer, other: Customer) -> tuple[Customer, Customer]:
    """The one of two in good standing, and the blacklisted one."""
    return (other, one) if one.blacklisted else (one, other)

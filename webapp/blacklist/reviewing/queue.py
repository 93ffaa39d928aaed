"""The review queue, one case at a time: the present case, its position, and the next one."""

from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, not_, or_, select, tuple_

from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.listing import (
    CaseRow,
    along_the_queue,
    conditions,
    count,
    first_in_queue,
    is_overdue,
)
from webapp.blacklist.models import Blacklisting
from webapp.blacklist.reviewing.claims import claimed_by_others
from webapp.customers.models import Customer
from webapp.history.entries import Actor
from webapp.history.eyes import eyes_of
from webapp.kernel import clock
from webapp.kernel.database import Moment, db


@dataclass(frozen=True)
class Turn:
    """Where a manager is in the queue.

    Attributes:
        position: Of the present case, from 1.
        total: How many cases wait.
        following: The next case that this manager may decide and nobody else is at, if there is
            one.
    """

    present: CaseRow
    position: int
    total: int
    following: CaseRow | None


def turn(filters: CaseFilter, *, by: Actor, case_seq: int | None = None) -> Turn | None:
    """The case to review: the requested one while it waits, otherwise the first that this person
    may decide, before those that others are at; `None` when no case is left for them.
    """
    waiting = _in_queue(filters)
    asked = waiting.where(Blacklisting.seq == case_seq)
    row = db.session.execute(asked).first() if case_seq else None
    theirs = along_the_queue(waiting.where(_may_be_decided(by)), filters)
    row = row or _first(theirs.where(not_(claimed_by_others(by)))) or _first(theirs)
    if row is None:
        return None
    present = CaseRow(row[0], row[1], None)
    return Turn(
        present,
        _position(filters, present.case),
        count(filters),
        _following(filters, present.case, by),
    )


def _first(waiting: Any) -> Any:
    return next(iter(first_in_queue(waiting, 1)), None)


def _in_queue(filters: CaseFilter) -> Any:
    query = select(Blacklisting, Customer).join(Customer, Customer.seq == Blacklisting.customer_seq)
    return query.where(*conditions(filters, UTC)).execution_options(populate_existing=True)


def _may_be_decided(by: Actor) -> ColumnElement[bool]:
    return or_(
        Blacklisting.accountable_id.is_(None),
        Blacklisting.accountable_id.not_in(eyes_of(by.accountable_id)),
    )


def _position(filters: CaseFilter, present: Blacklisting) -> int:
    """The position of a case, from 1: overdue cases come first, and older ones before newer."""
    mine = _overdue(present)
    older = along_the_queue(
        _in_queue(filters).where(is_overdue(clock.now()) == mine, _is_older(present)), filters
    )
    in_front = db.session.scalar(older.with_only_columns(func.count())) or 0
    return in_front + 1 + (0 if mine else count(replace(filters, which=Which.OVERDUE)))


def _overdue(present: Blacklisting) -> int:
    return 1 if present.review_by <= clock.now() else 0


def _is_older(present: Blacklisting) -> ColumnElement[bool]:
    place = tuple_(literal(present.opened_at, Moment), literal(present.seq))
    return tuple_(Blacklisting.opened_at, Blacklisting.seq) < place


def _following(filters: CaseFilter, present: Blacklisting, by: Actor) -> CaseRow | None:
    """The next case that somebody may decide and nobody else is at; after the last, the first."""
    is_free = _may_be_decided(by) & not_(claimed_by_others(by))
    others = _in_queue(filters).where(is_free, Blacklisting.seq != present.seq)
    others, overdue, mine = (
        along_the_queue(others, filters),
        is_overdue(clock.now()),
        _overdue(present),
    )
    behind = or_(overdue < mine, and_(overdue == mine, not_(_is_older(present))))
    row = _first(others.where(behind)) or _first(others)
    return CaseRow(row[0], row[1], None) if row else None

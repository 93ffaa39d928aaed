"""The review queue, one case after the other: whose turn it is, where that is in the queue, and who follows."""

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from webapp import clock
from webapp.customers.caseload import ListedCase, along_the_queue, conditions, count, is_overdue
from webapp.customers.cases import Blacklisting
from webapp.customers.models import Customer
from webapp.customers.wanted_cases import CaseSearch
from webapp.database import db
from webapp.history import Actor


@dataclass(frozen=True)
class Turn:
    """Where somebody is in the queue.

    Attributes:
        position: Of the present case, from 1.
        total: How many wait.
        following: Whose turn is next, if another one is theirs to decide.
    """

    present: ListedCase
    position: int
    total: int
    following: ListedCase | None


def turn(wanted: CaseSearch, *, by: Actor, case_seq: int | None = None) -> Turn | None:
    """The case to look at: the one that is asked for, while it waits, else the first that this person may decide.

    `None` when no case is left for them.
    """
    waiting = _in_queue(wanted)
    asked = waiting.where(Blacklisting.seq == case_seq)
    row = db.session.execute(asked).first() if case_seq else None
    row = row or _first(along_the_queue(waiting.where(_may_be_decided(by)), wanted))
    if row is None:
        return None
    present = ListedCase(row[0], row[1], None)
    earlier = along_the_queue(_in_queue(wanted).where(_before(present.case)), wanted)
    position = (db.session.scalar(earlier.with_only_columns(func.count())) or 0) + 1
    return Turn(present, position, count(wanted), _following(wanted, present.case, by))


def _first(waiting: Any) -> Any:
    """The first in the order of the queue: of the overdue, else of the others; the index holds the order of each."""
    for overdue in (1, 0):
        oldest = waiting.where(is_overdue(clock.now()) == overdue).order_by(Blacklisting.opened_at, Blacklisting.seq)
        row = db.session.execute(oldest.limit(1)).first()
        if row:
            return row
    return None


def _in_queue(wanted: CaseSearch) -> Any:
    query = select(Blacklisting, Customer).join(Customer, Customer.seq == Blacklisting.customer_seq)
    return query.where(*conditions(wanted, UTC)).execution_options(populate_existing=True)


def _may_be_decided(by: Actor) -> ColumnElement[bool]:
    return Blacklisting.accountable_id.is_distinct_from(by.accountable_id)


def _before(present: Blacklisting) -> ColumnElement[bool]:
    now = clock.now()
    overdue, mine = is_overdue(now), 1 if present.review_by <= now else 0
    opened, seq = Blacklisting.opened_at, Blacklisting.seq
    older = or_(opened < present.opened_at, and_(opened == present.opened_at, seq < present.seq))
    return or_(overdue > mine, and_(overdue == mine, older))


def _following(wanted: CaseSearch, present: Blacklisting, by: Actor) -> ListedCase | None:
    """The next case of the queue, and after the last one the first."""
    others = _in_queue(wanted).where(_may_be_decided(by), Blacklisting.seq != present.seq)
    others = along_the_queue(others, wanted)
    row = _first(others.where(not_(_before(present)))) or _first(others)
    return ListedCase(row[0], row[1], None) if row else None

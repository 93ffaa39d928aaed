"""Word to those who asked: a removal that they asked for was decided, or what they had blacklisted
was removed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from webapp.blacklist.models import Blacklisting
from webapp.customers.models import Customer
from webapp.history.changes import Change, Projection
from webapp.history.entries import Subject
from webapp.kernel.database import db
from webapp.staff import unread


@dataclass(frozen=True)
class Answer:
    """A decision that a member has not read yet: the case as it is now, and its customer."""

    case: Blacklisting
    customer: Customer
    at: datetime


def tell_who_asked(change: Change[Customer], case: Blacklisting, *, is_closed: bool) -> None:
    """Tell them as part of a change that decides about a case, before the case is changed."""
    askers = {case.lift_asked_by_id if case.lift_is_asked else None}
    if is_closed and case.opened_by_kind == "staff":
        askers.add(case.opened_by_id)
    others = [one for one in askers if one is not None and one != change.by.id]
    unread.note_decision(others, case.seq, change.at)


def unread_answers(staff_id: int) -> Sequence[Answer]:
    """What was decided for a member and not read by them yet, newest first."""
    at = {one.case_seq: one.at for one in unread.unread_by(staff_id)}
    query = select(Blacklisting, Customer).join(Customer, Customer.seq == Blacklisting.customer_seq)
    rows = db.session.execute(query.where(Blacklisting.seq.in_(at))).all() if at else []
    answers = [Answer(case, customer, at[case.seq]) for case, customer in rows]
    return sorted(answers, key=lambda one: one.at, reverse=True)


class Answers(Projection):
    """Nobody is told about a person who was deleted."""

    def forget(self, subject: Subject) -> None:
        its_own = select(Blacklisting.seq).where(Blacklisting.customer_seq == subject.seq)
        unread.forget_decisions(db.session.scalars(its_own))

"""Word to members of what was decided: on a removal that they asked for, or against a blacklisting
of theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from webapp.blacklist.models import Blacklisting, State
from webapp.customers.models import Customer
from webapp.history.changes import Change, Projection
from webapp.history.entries import Subject
from webapp.kernel.database import db
from webapp.staff import unread
from webapp.staff.unread import UnreadDecision


@dataclass(frozen=True)
class DecisionToRead:
    """A decision that a member has not read yet, and the customer it was about."""

    decision: UnreadDecision
    customer: Customer

    @property
    def state(self) -> State:
        """What became of the case by it."""
        return State(self.decision.decision)


def tell_who_asked(change: Change[Customer], case: Blacklisting, decision: str) -> None:
    """Tell them as part of a change that decides about a case, before the case is changed.

    Args:
        decision: `upheld`, `overturned`, `lifted` or `ended`.
    """
    askers = {case.lift_asked_by_id if case.lift_is_asked else None}
    if decision not in (State.UPHELD, State.ENDED) and case.opened_by_kind == "staff":
        askers.add(case.opened_by_id)
    if change.by.kind == "staff":
        askers.discard(change.by.id)
    members = [one for one in askers if one is not None]
    unread.note_decision(members, case.seq, decision, by_name=change.by.name, at=change.at)


def decisions_to_read(staff_id: int, *, limit: int) -> Sequence[DecisionToRead]:
    """What was decided for a member and not read by them yet, newest first."""
    known = unread.unread_by(staff_id, limit=limit)
    query = select(Blacklisting.seq, Customer).join(
        Customer, Customer.seq == Blacklisting.customer_seq
    )
    its_own = query.where(Blacklisting.seq.in_([one.case_seq for one in known]))
    customers = {row[0]: row[1] for row in db.session.execute(its_own)}
    return [DecisionToRead(one, customers[one.case_seq]) for one in known]


class UnreadDecisions(Projection):
    """Nobody is told about a person who was deleted."""

    def forget(self, subject: Subject) -> None:
        its_own = select(Blacklisting.seq).where(Blacklisting.customer_seq == subject.seq)
        unread.forget_cases(db.session.scalars(its_own))

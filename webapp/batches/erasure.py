"""Proposed values are personal data: they go with the customer, and after 30 days with the set."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from webapp.batches.matching import NEW, REFUSED
from webapp.batches.models import ChangeRow, ChangeSet, State
from webapp.customers.merged import find_record
from webapp.history.changes import Projection
from webapp.history.entries import Subject
from webapp.kernel import clock
from webapp.kernel.database import db, writing

KEPT_FOR = timedelta(days=30)
ROWS_AT_ONCE = 5_000


class ProposedValues(Projection):
    """What sets of changes propose about a customer."""

    def forget(self, subject: Subject) -> None:
        record = find_record(subject.seq)
        emails = {getattr(record, name, None) for name in ("email_key", "replaced_email_key")}
        keys = [f"{kind}{key}" for kind in (NEW, REFUSED) for key in emails - {None}]
        is_theirs = or_(ChangeRow.customer_seq == subject.seq, ChangeRow.key.in_(keys))
        theirs = update(ChangeRow).where(is_theirs)
        db.session.execute(theirs.values(proposed=None, problems=None, cells=None, key=None))


def forget_old() -> bool:
    """Erase some rows of sets that ended, or were left, more than 30 days ago; whether there may be
    more.
    """
    with writing():
        one = db.session.scalar(_old().limit(1))
        if one is None:
            return False
        rows = select(ChangeRow.number).where(ChangeRow.set_seq == one.seq).limit(ROWS_AT_ONCE)
        last = db.session.scalar(select(func.max(rows.subquery().c.number)))
        if last is None:
            one.forgotten_at, one.arguments = clock.now(), {}
            if one.state in (State.DRAFTED, State.CHECKED):
                one.state = State.APPLIED if one.number_done else State.ABANDONED
                one.began_at, one.ended_at = None, clock.now()
            return True
        its_own = (ChangeRow.set_seq == one.seq) & (ChangeRow.number <= last)
        db.session.execute(delete(ChangeRow).where(its_own))
    return True


def _old() -> Any:
    before = clock.now() - KEPT_FOR
    has_ended = func.coalesce(ChangeSet.ended_at, ChangeSet.proposed_at) < before
    not_at_work = or_(
        ChangeSet.began_at.is_(None), ChangeSet.is_stopped, ChangeSet.problem.is_not(None)
    )
    return select(ChangeSet).where(ChangeSet.forgotten_at.is_(None), has_ended, not_at_work)

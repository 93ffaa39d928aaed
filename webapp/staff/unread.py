"""Decisions that members have not read yet; each of their pages counts them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.database import Model, Moment, db, writing
from webapp.kernel.database import Sequence as Number


class UnreadDecision(Model):
    """A decision about a case, for the member who asked for it or had opened the case. The case is
    named by its number only, because cases are a matter of the blacklist.
    """

    __tablename__ = "unread_decision"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    case_seq: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False, index=True)
    at: Mapped[datetime] = mapped_column(Moment)


def note_decision(staff_ids: Iterable[int], case_seq: int, at: datetime) -> None:
    """Tell members of a decision, in the present write transaction."""
    for staff_id in staff_ids:
        db.session.merge(UnreadDecision(staff_id=staff_id, case_seq=case_seq, at=at))


def forget_decisions(case_seqs: Iterable[int]) -> None:
    """Tell nobody of decisions about these cases any more: they were undone, or erased."""
    some = UnreadDecision.case_seq.in_(list(case_seqs))
    db.session.execute(delete(UnreadDecision).where(some))


def unread_by(staff_id: int) -> Sequence[UnreadDecision]:
    """What a member has not read yet, newest first."""
    theirs = select(UnreadDecision).where(UnreadDecision.staff_id == staff_id)
    newest = theirs.order_by(UnreadDecision.at.desc(), UnreadDecision.case_seq.desc())
    return db.session.scalars(newest).all()


def mark_read(staff_id: int, *, until: datetime) -> None:
    """Note that a member has read what was decided until a moment."""
    with writing():
        theirs = (UnreadDecision.staff_id == staff_id) & (UnreadDecision.at <= until)
        db.session.execute(delete(UnreadDecision).where(theirs))

"""Decisions that members have not read yet; each of their pages counts them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, delete, func, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel.database import Model, Moment, db, writing
from webapp.kernel.database import Sequence as Number
from webapp.kernel.fields import MAX_NAME_LENGTH


class UnreadDecision(Model):
    """The last decision about a case, for the member who asked for it or had opened the case. The
    case is named by its number only, because cases are a matter of the blacklist.

    Attributes:
        decision: `upheld`, `overturned`, `lifted` or `ended`.
        by_name: Who decided.
    """

    __tablename__ = "unread_decision"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    case_seq: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False, index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    decision: Mapped[str] = mapped_column(String(16))
    by_name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))


def note_decision(
    staff_ids: Iterable[int], case_seq: int, decision: str, *, by_name: str, at: datetime
) -> None:
    """Tell members of a decision, in the present write transaction."""
    about = {"case_seq": case_seq, "decision": decision, "by_name": by_name, "at": at}
    for staff_id in staff_ids:
        db.session.merge(UnreadDecision(staff_id=staff_id, **about))


def forget_decision(case_seq: int, at: datetime) -> None:
    """Tell nobody of a decision any more that was undone."""
    undone = (UnreadDecision.case_seq == case_seq) & (UnreadDecision.at == at)
    db.session.execute(delete(UnreadDecision).where(undone))


def forget_cases(case_seqs: Iterable[int]) -> None:
    """Tell nobody of any decision about these cases: they were erased."""
    some = UnreadDecision.case_seq.in_(list(case_seqs))
    db.session.execute(delete(UnreadDecision).where(some))


def unread_by(staff_id: int, *, limit: int) -> Sequence[UnreadDecision]:
    """What a member has not read yet, newest first."""
    theirs = select(UnreadDecision).where(UnreadDecision.staff_id == staff_id)
    newest = theirs.order_by(UnreadDecision.at.desc(), UnreadDecision.case_seq.desc())
    return db.session.scalars(newest.limit(limit)).all()


def count_unread() -> Mapping[int, int]:
    """How many decisions each member has not read yet; those with none are left out."""
    counted = select(UnreadDecision.staff_id, func.count()).group_by(UnreadDecision.staff_id)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def mark_read(staff_id: int, shown: Iterable[tuple[int, datetime]]) -> None:
    """Note that a member has read some decisions.

    Args:
        shown: The number of the case and the moment of each; a later decision about the same case
            stays unread.
    """
    with writing():
        those = tuple_(UnreadDecision.case_seq, UnreadDecision.at).in_(list(shown))
        theirs = UnreadDecision.staff_id == staff_id
        db.session.execute(delete(UnreadDecision).where(theirs, those))

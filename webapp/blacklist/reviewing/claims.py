"""Who is at which case, so that no two managers review the same one."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.blacklist.four_eyes import refusal_to_decide
from webapp.blacklist.models import Blacklisting
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import Model, Moment, db, write_if_free
from webapp.kernel.dialects import advisory_lock
from webapp.kernel.fields import MAX_NAME_LENGTH

CLAIMED_FOR = timedelta(minutes=10)
# Namespace of this module in `pg_advisory_xact_lock(int, int)`.
LOCK_NAMESPACE = 9


class CaseClaim(Model):
    """A manager is at a case. It locks nothing: others get another case first, and are told.

    Attributes:
        until: When it ends by itself.
    """

    __tablename__ = "case_claim"

    case_seq: Mapped[int] = mapped_column(ForeignKey("blacklisting.seq"), primary_key=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"))
    by_name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    until: Mapped[datetime] = mapped_column(Moment, index=True)


def claim(case_seq: int, *, by: Actor) -> None:
    """Be at a case for ten minutes, and at no other; unless another member is, or it is not theirs
    to decide. While others write, nothing is claimed: two may then see the same case.
    """
    write_if_free(partial(_claim, case_seq, by))


def _claim(case_seq: int, by: Actor) -> None:
    advisory_lock(LOCK_NAMESPACE, [case_seq])
    now = clock.now()
    is_left = (CaseClaim.by_id == by.id) & (CaseClaim.case_seq != case_seq)
    db.session.execute(delete(CaseClaim).where(is_left | (CaseClaim.until <= now)))
    case = db.session.get(Blacklisting, case_seq)
    if case is None or refusal_to_decide(case, by=by):
        return
    known = db.session.get(CaseClaim, case_seq, populate_existing=True)
    if known is None or known.by_id == by.id:
        until = now + CLAIMED_FOR
        db.session.merge(CaseClaim(case_seq=case_seq, by_id=by.id, by_name=by.name, until=until))


def claimed_by_others(by: Actor) -> ColumnElement[bool]:
    """Whether another member is at a case, as a query condition."""
    theirs = select(CaseClaim.case_seq).where(
        CaseClaim.until > clock.now(), CaseClaim.by_id != by.id
    )
    return Blacklisting.seq.in_(theirs)


def others_at(case_seqs: Iterable[int], *, by: Actor) -> dict[int, str]:
    """The names of other members who are at some cases, by the number of the case."""
    theirs = select(CaseClaim.case_seq, CaseClaim.by_name).where(
        CaseClaim.case_seq.in_(list(case_seqs)),
        CaseClaim.until > clock.now(),
        CaseClaim.by_id != by.id,
    )
    return {row.case_seq: row.by_name for row in db.session.execute(theirs)}

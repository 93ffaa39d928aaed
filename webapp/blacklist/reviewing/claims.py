"""Who is at which case, so that no two managers review the same one."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.blacklist.models import Blacklisting
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import Model, Moment, db, writing
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
    """Be at a case for ten minutes, unless another member is; what has ended is deleted."""
    with writing():
        advisory_lock(LOCK_NAMESPACE, [case_seq])
        now = clock.now()
        db.session.execute(delete(CaseClaim).where(CaseClaim.until <= now))
        known = db.session.get(CaseClaim, case_seq, populate_existing=True)
        is_case = db.session.get(Blacklisting, case_seq) is not None
        if is_case and (known is None or known.by_id == by.id):
            until = now + CLAIMED_FOR
            db.session.merge(
                CaseClaim(case_seq=case_seq, by_id=by.id, by_name=by.name, until=until)
            )


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

"""Work that lasts: rows in the transaction of whoever asks for it, done later by `flask work`.

Everything is done at least once. A worker that dies keeps its job until the lease ends; then
another does it anew. So each kind of work must come out the same when it is done twice.
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Delete,
    String,
    Text,
    Update,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.kernel import clock
from webapp.kernel.database import Model, Moment, db, writing
from webapp.kernel.database import Sequence as Key
from webapp.kernel.dialects import advisory_lock

# Namespace of this module in `pg_advisory_xact_lock(int, int)`.
LOCK_NAMESPACE = 11
LEASE = timedelta(seconds=60)
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(hours=1)


class Job(Model):
    """Work to be done.

    Attributes:
        name: Of work that must not be asked for twice, such as what is done every hour.
        run_at: Not before.
        attempts: How many have begun.
        lease: Of the worker that is at it, until `leased_until`.
        problem: The kind of error that ended the last attempt.
    """

    __tablename__ = "job"

    seq: Mapped[int] = mapped_column(Key, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    name: Mapped[str | None] = mapped_column(String(64), unique=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    run_at: Mapped[datetime] = mapped_column(Moment, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class Claim:
    """A job that this worker is at, and nobody else."""

    seq: int
    kind: str
    arguments: Mapping[str, Any]
    attempts: int
    lease: str


def enqueue(
    kind: str,
    arguments: Mapping[str, Any] | None = None,
    *,
    run_at: datetime | None = None,
    name: str | None = None,
) -> None:
    """Ask for work, in the present write transaction; work of a name that waits already is not
    asked for again.
    """
    if name:
        advisory_lock(LOCK_NAMESPACE, [0])
        if db.session.scalar(select(Job.seq).where(Job.name == name)):
            return
    at = run_at or clock.now()
    db.session.add(Job(kind=kind, name=name, arguments=dict(arguments or {}), run_at=at))


def claim(kinds: Collection[str]) -> Claim | None:
    """The job of these kinds that has been due for longest; `None` if nothing is due.

    Asking costs a read; only who finds something waits for other writers.
    """
    db.session.rollback()
    due = select(Job.seq).where(_is_due(kinds)).order_by(Job.run_at, Job.seq).limit(1)
    if db.session.scalar(due) is None:
        return None
    lease, until = secrets.token_hex(16), clock.now() + LEASE
    its_own = Job.seq == due.with_for_update(skip_locked=True).scalar_subquery()
    new = {"lease": lease, "leased_until": until, "attempts": Job.attempts + 1}
    columns = (Job.seq, Job.kind, Job.arguments, Job.attempts)
    with writing():
        row = db.session.execute(update(Job).where(its_own).values(new).returning(*columns)).first()
    return Claim(**row._mapping, lease=lease) if row else None


def _is_due(kinds: Collection[str]) -> ColumnElement[bool]:
    now = clock.now()
    is_free = or_(Job.leased_until.is_(None), Job.leased_until <= now)
    return Job.kind.in_(kinds) & (Job.run_at <= now) & is_free


def renew(one: Claim) -> bool:
    """Go on for another lease; whether it is still this worker's."""
    return _change(one, leased_until=clock.now() + LEASE)


def finish(one: Claim, *, again_at: datetime | None = None) -> bool:
    """The work is done, or to be done again at a time; whether it was still this worker's."""
    if again_at:
        return _change(one, **_FREE, run_at=again_at, attempts=0, problem=None)
    with writing():
        return _touched(delete(Job).where(_is_its_own(one)))


def give_back(one: Claim) -> bool:
    """The worker stops: the job goes on as soon as another claims it."""
    return _change(one, **_FREE, attempts=one.attempts - 1)


def retry_later(one: Claim, problem: str) -> bool:
    """The attempt failed; each waits twice as long as the one before, up to an hour."""
    longest = min(FIRST_RETRY * 2 ** min(one.attempts - 1, 20), LONGEST_RETRY)
    share = secrets.SystemRandom().uniform(0.5, 1)
    return _change(one, **_FREE, run_at=clock.now() + longest * share, problem=problem)


_FREE: Mapping[str, None] = {"lease": None, "leased_until": None}


def _change(one: Claim, **new: Any) -> bool:
    with writing():
        return _touched(update(Job).where(_is_its_own(one)).values(new))


def _touched(statement: Delete | Update) -> bool:
    return db.session.scalar(statement.returning(Job.seq)) is not None


def _is_its_own(one: Claim) -> ColumnElement[bool]:
    return (Job.seq == one.seq) & (Job.lease == one.lease)


def list_jobs() -> Sequence[Job]:
    """All work that waits or is being done, what is due first."""
    return db.session.scalars(select(Job).order_by(Job.run_at, Job.seq)).all()

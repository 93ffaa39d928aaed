"""What was done to the book as a whole: a chain of its own."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from webapp.history.entries import Actor, Event, HistoryEntry, Subject, append
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.dialects import advisory_lock

BOOK = Subject("book", 1)
BY = Actor(kind="system", id=None, name="Gatebook", door="command")
# Namespace of this module in `pg_advisory_xact_lock(int, int)`.
LOCK_NAMESPACE = 10


def note(kind: str, new: Mapping[str, Any], *, by: Actor = BY) -> None:
    """Write an entry about the book, in the present write transaction or one of its own."""
    with writing():
        hold()
        number = db.session.scalar(_LAST) or 0
        version = number + 1
        event = Event(kind=kind, at=clock.now(), by=by, version=version, old={}, new=new)
        append(BOOK, event, is_first=number == 0)


def hold() -> None:
    """Nobody else writes about the book until this write transaction ends."""
    advisory_lock(LOCK_NAMESPACE, [0])


# The chain with its version, as `verify` asks for it.
PRESENT: Any = (
    select(HistoryEntry.subject_seq, func.max(HistoryEntry.number))
    .where(HistoryEntry.subject == BOOK.kind)
    .group_by(HistoryEntry.subject_seq)
)
_LAST = select(func.max(HistoryEntry.number)).where(
    HistoryEntry.subject == BOOK.kind, HistoryEntry.subject_seq == BOOK.seq
)

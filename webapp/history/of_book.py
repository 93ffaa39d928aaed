"""What was done to the book as a whole: a chain of its own."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from webapp.history.entries import Actor, Event, HistoryEntry, Subject, append
from webapp.kernel import clock
from webapp.kernel.database import db, writing

BOOK = Subject("book", 1)
BY = Actor(kind="system", id=None, name="Gatebook", door="command")


def note(kind: str, new: Mapping[str, Any]) -> None:
    """Write an entry about the book, in the present write transaction or one of its own."""
    with writing():
        number = db.session.scalar(_LAST) or 0
        version = number + 1
        event = Event(kind=kind, at=clock.now(), by=BY, version=version, old={}, new=new)
        append(BOOK, event, is_first=number == 0)


_LAST = select(func.max(HistoryEntry.number)).where(
    HistoryEntry.subject == BOOK.kind, HistoryEntry.subject_seq == BOOK.seq
)

"""The one way to write: hold a row, alter it, say what happened;
the entry is sealed and every projection follows.

All of it is one transaction. Whoever starts a process installs the projections first, or nothing
can be written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from webapp.history.entries import Actor, Event, Subject, append, erase_values
from webapp.kernel import clock
from webapp.kernel.clock import MILLISECOND
from webapp.kernel.database import db, writing

Values = Mapping[str, Any]


# A row that has a history: with a `subject`, and a `version` that is counted; of one that also has
# `updated_at`, the times of its changes never run backwards.
R = TypeVar("R")


@dataclass
class Change(Generic[R]):
    """One change of one row.

    Attributes:
        row: Held for the transaction.
        at: When it happens.
        before: The row's columns as they were; `None` when it is being added.
        after: As they are once everything is written; `None` when it was deleted.
        kind: What happened, such as `blacklisted`; the empty text while nothing has.
    """

    row: R
    by: Actor
    at: datetime
    before: Values | None
    after: Values | None = None
    kind: str = ""
    _event: Event | None = field(default=None, repr=False)

    @property
    def subject(self) -> Subject:
        row: Any = self.row
        return cast(Subject, row.subject)

    @property
    def is_new(self) -> bool:
        return self.before is None

    def altered(self, *names: str) -> bool:
        """Whether one of these columns has another value than before."""
        before, after = self.before or {}, self.after or {}
        return any(before.get(name) != after.get(name) for name in names)

    def record(
        self,
        kind: str,
        *,
        old: Values | None = None,
        new: Values | None = None,
        based_on: int | None = None,
    ) -> None:
        """Say what happens, once; the row's version and time go on with it.

        Args:
            based_on: The version that the person who did it had seen, if they said.
        """
        assert not self.kind, "one change, one entry"
        row: Any = self.row
        self.kind = kind
        if not self.is_new:
            row.version += 1
            if hasattr(row, "updated_at"):
                row.updated_at = self.at
        values: dict[str, Values] = {"old": old or {}, "new": new or {}}
        self._event = Event(
            kind=kind, at=self.at, by=self.by, version=row.version, based_on=based_on, **values
        )

    def seal(self) -> None:
        """Write the row and its entry, and let every projection follow."""
        if self._event is None:
            return
        if self.is_new:
            db.session.add(self.row)
        db.session.flush()
        append(self.subject, self._event, is_first=self.is_new)
        follow(self)


class Projection:
    """Something that is kept in step with every change,
    in the same transaction; each does what it needs of these.
    """

    def follow(self, change: Change[Any]) -> None:
        """Do what a change makes necessary; the row and its entry are written."""

    def forget(self, subject: Subject) -> None:
        """Erase what is known of a person here; their row still stands."""

    def faults(self) -> Iterator[str]:
        """What is not in step, a sentence each."""
        return iter(())

    def rebuild(self) -> None:
        """Make it anew from the rows, in the present write transaction."""


class NoProjections(RuntimeError):
    """A process wants to write without what must follow:
    lists and searches would go wrong in silence.
    """

    def __init__(self) -> None:
        super().__init__(
            "install the projections before anything is written: webapp.projections.install()"
        )


_installed: tuple[Projection, ...] = ()


def install(projections: Sequence[Projection]) -> None:
    """Say once for this process what follows every change, in this order."""
    global _installed
    _installed = tuple(projections)


def installed() -> tuple[Projection, ...]:
    """Everything that follows a change, in order.

    Raises:
        NoProjections: nothing was installed.
    """
    if not _installed:
        raise NoProjections
    return _installed


@contextmanager
def changing(hold: Callable[[], R], *, by: Actor) -> Iterator[Change[R]]:
    """Change a row that is there. What `hold` raises,
    and whatever is raised inside, takes everything back.

    Args:
        hold: Finds the row and locks it for the transaction.
    """
    installed()
    with writing():
        row = hold()
        change = Change(row, by, _after(row), values_of(row))
        yield change
        change.seal()


@contextmanager
def adding(make: Callable[[], R], *, by: Actor) -> Iterator[Change[R]]:
    """Add a row, which is made with its first version."""
    installed()
    with writing():
        row = make()
        change = Change(row, by, getattr(row, "created_at", None) or clock.now(), None)
        yield change
        change.seal()


def _after(row: Any) -> datetime:
    """Now, or just after the row's last change where that
    would not be later: times order as versions do.
    """
    last = getattr(row, "updated_at", None) or getattr(row, "deleted_at", None)
    return max(clock.now(), last + MILLISECOND) if last else clock.now()


def values_of(row: Any) -> Values:
    """A row's columns as they stand, those that are not written yet among them."""
    return {column.key: vars(row).get(column.key) for column in row.__mapper__.column_attrs}


def follow(change: Change[Any]) -> None:
    """Let every projection follow a change that is written."""
    change.after = None if change.kind == "deleted" else values_of(change.row)
    for projection in installed():
        projection.follow(change)


def faults() -> Iterator[str]:
    """What is not in step with the rows, a sentence each."""
    for projection in installed():
        yield from projection.faults()


def rebuild() -> None:
    """Make everything that follows changes anew, in the present write transaction."""
    for projection in installed():
        projection.rebuild()


def forget(subject: Subject) -> None:
    """Erase what is known of a person everywhere, in the present write transaction."""
    erase_values(subject)
    for projection in installed():
        projection.forget(subject)

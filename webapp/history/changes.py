"""The only way to write: lock a row, alter it, and record what happened; then the entry is sealed
and every projection follows.

All in one transaction. Each process must install the projections first, or nothing can be written.
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


# A row with a history: it has a `subject` and a counted `version`. If it has `updated_at`, the
# times of its changes never run backwards.
R = TypeVar("R")


@dataclass
class Change(Generic[R]):
    """One change of one row.

    Attributes:
        row: Locked for the transaction.
        at: When it happens.
        before: The row's columns before the change; `None` if it is being added.
        after: The row's columns once everything is written; `None` if it was deleted.
        kind: What happened, such as `blacklisted`; empty until something is recorded.
        is_back: The row had left the book, and comes back with the history that it has.
    """

    row: R
    by: Actor
    at: datetime
    before: Values | None
    after: Values | None = None
    kind: str = ""
    is_back: bool = False
    _event: Event | None = field(default=None, repr=False)

    @property
    def subject(self) -> Subject:
        row: Any = self.row
        return cast(Subject, row.subject)

    @property
    def is_new(self) -> bool:
        return self.before is None

    def altered(self, *names: str) -> bool:
        """Whether any of these columns has changed."""
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
        """Record what happens, once; this advances the row's version and `updated_at`.

        Args:
            based_on: The version that the person who did it had seen, if known.
        """
        assert not self.kind, "one change, one entry"
        row: Any = self.row
        self.kind = kind
        if not self.is_new or self.is_back:
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
        append(self.subject, self._event, is_first=self.is_new and not self.is_back)
        follow(self)


class Projection:
    """Something kept in step with every change, in the same transaction. Subclasses override the
    methods they need.
    """

    def follow(self, change: Change[Any]) -> None:
        """Apply a change; the row and its entry are already written."""

    def forget(self, subject: Subject) -> None:
        """Erase what this projection stores about a person; their row still exists."""

    def what_stays(self, subject: Subject) -> Values:  # noqa: ARG002 - for those that keep some
        """What it keeps of a person who is deleted and the entries with their values told, so that
        the entry of the deletion tells it once more.
        """
        return {}

    def faults(self) -> Iterator[str]:
        """What is out of step, one sentence each."""
        return iter(())

    def rebuild(self) -> None:
        """Rebuild it from the rows, in the present write transaction."""


class NoProjections(RuntimeError):
    """A process tries to write without projections: lists and searches would silently go wrong."""

    def __init__(self) -> None:
        super().__init__(
            "install the projections before anything is written: webapp.projections.install()"
        )


_installed: tuple[Projection, ...] = ()


def install(projections: Sequence[Projection]) -> None:
    """Set, once per process, what follows every change, in this order."""
    global _installed
    _installed = tuple(projections)


def installed() -> tuple[Projection, ...]:
    """The projections, in order.

    Raises:
        NoProjections: nothing was installed.
    """
    if not _installed:
        raise NoProjections
    return _installed


@contextmanager
def changing(hold: Callable[[], R], *, by: Actor) -> Iterator[Change[R]]:
    """Change an existing row. An exception, from `hold` or from the block, rolls everything back.

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
    """Add a row; `make` creates it with its first version."""
    installed()
    with writing():
        row = make()
        change = Change(row, by, getattr(row, "created_at", None) or clock.now(), None)
        yield change
        change.seal()


@contextmanager
def bringing_back(make: Callable[[], R], *, by: Actor) -> Iterator[Change[R]]:
    """Add a row again that had left the book; `make` creates it as it was."""
    installed()
    with writing():
        row = make()
        change = Change(row, by, _after(row), None, is_back=True)
        yield change
        change.seal()


def _after(row: Any) -> datetime:
    """Now, or one millisecond after the row's last change if the clock is not past it: times sort
    as versions do.
    """
    last = getattr(row, "updated_at", None) or getattr(row, "deleted_at", None)
    return max(clock.now(), last + MILLISECOND) if last else clock.now()


def values_of(row: Any) -> Values:
    """A row's current column values, including those not yet flushed."""
    return {column.key: vars(row).get(column.key) for column in row.__mapper__.column_attrs}


# What takes a row out of the book.
LEAVES = ("deleted", "merged_into")


def follow(change: Change[Any]) -> None:
    """Let every projection follow a change that has been written."""
    change.after = None if change.kind in LEAVES else values_of(change.row)
    for projection in installed():
        projection.follow(change)


def faults() -> Iterator[str]:
    """What is out of step with the rows, one sentence each."""
    for projection in installed():
        yield from projection.faults()


def rebuild() -> None:
    """Rebuild every projection, in the present write transaction."""
    for projection in installed():
        projection.rebuild()


def what_stays(subject: Subject) -> Values:
    """What is kept of a person who is deleted."""
    stays: dict[str, Any] = {}
    for projection in installed():
        stays |= projection.what_stays(subject)
    return stays


def forget(subject: Subject) -> None:
    """Erase a person's data everywhere, in the present write transaction."""
    erase_values(subject)
    for projection in installed():
        projection.forget(subject)

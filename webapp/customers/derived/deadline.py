"""A search that takes too long is stopped and refused, before a worker hangs on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.exc import OperationalError

from webapp.database import db
from webapp.errors import Invalid

SECONDS = 0.4
CANCELLED = "57014"


class SearchTooWide(Invalid):
    """Too little was typed to find it in time."""

    def __init__(self) -> None:
        message = "This would take too long to find; add another word, or more of one"
        super().__init__("search_too_wide", message, {"search": [message]})


class Deadline:
    """The time until which all statements of a search together may run: `SECONDS` from the first of them.

    What is prepared before, such as the sample of the search index that each process takes once, does not count.
    """

    def __init__(self) -> None:
        self._until: float | None = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Run statements, and stop the one that runs when the time is over.

        Raises:
            SearchTooWide: it is over.
        """
        self._until = self._until or monotonic() + SECONDS
        left = self._until - monotonic()
        if left <= 0:
            raise SearchTooWide
        connection = db.session.connection()
        with _watched(connection, left) if connection.dialect.name == "sqlite" else _timed(connection, left):
            yield

    def first(self, way: Select[int], seq: Any, most: int, *, oldest: bool) -> list[int]:
        """The newest of those found in a way, or the oldest, by their column `seq`; in time."""
        with self.kept():
            return list(db.session.scalars(way.order_by(seq if oldest else seq.desc()).limit(most)))


@contextmanager
def _timed(connection: Connection, seconds: float) -> Iterator[None]:
    """PostgreSQL stops a statement by itself."""
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {max(1, int(seconds * 1_000))}")
    try:
        yield
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != CANCELLED:
            raise
        db.session.rollback()
        raise SearchTooWide from error
    connection.exec_driver_sql("SET LOCAL statement_timeout = DEFAULT")


@contextmanager
def _watched(connection: Connection, seconds: float) -> Iterator[None]:
    watch = _Watch(connection.connection.driver_connection, seconds)
    try:
        yield
    except OperationalError as error:
        if not watch.has_interrupted:
            raise
        raise SearchTooWide from error
    finally:
        watch.end()


class _Watch:
    """Interrupts a connection after a time, unless it was ended before: then never, whatever runs there next."""

    def __init__(self, connection: Any, seconds: float) -> None:
        self.has_interrupted = self._is_over = False
        self._connection, self._lock = connection, Lock()
        self._timer = Timer(seconds, self._interrupt)
        self._timer.daemon = True
        self._timer.start()

    def _interrupt(self) -> None:
        with self._lock:
            if not self._is_over:
                self.has_interrupted = True
                self._connection.interrupt()

    def end(self) -> None:
        with self._lock:
            self._is_over = True
        self._timer.cancel()

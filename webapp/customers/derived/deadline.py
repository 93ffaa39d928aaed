"""A search that takes too long is stopped and refused, before a worker hangs on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.exc import OperationalError

from webapp.database import db
from webapp.errors import Invalid

SECONDS = 0.4
STEPS = 1_000
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
    """SQLite asks every so many steps whether to go on; it does not ask while it waits for the disk."""
    driver: Any = connection.connection.driver_connection
    until = monotonic() + seconds
    is_over = False

    def stop() -> bool:
        nonlocal is_over
        is_over = monotonic() > until
        return is_over

    driver.set_progress_handler(stop, STEPS)
    try:
        yield
    except OperationalError as error:
        if not is_over:
            raise
        raise SearchTooWide from error
    finally:
        driver.set_progress_handler(None, 0)

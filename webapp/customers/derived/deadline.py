"""A search that takes too long is stopped and refused, before a worker hangs on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from time import monotonic
from typing import Any

from sqlalchemy.exc import OperationalError

from webapp.database import db
from webapp.errors import Invalid

TOO_WIDE = "This would take too long to find; add another word, or more of one"


class Deadline:
    """The time until which all statements of a search together may run.

    Args:
        seconds: From now.
    """

    def __init__(self, seconds: float) -> None:
        self._until = monotonic() + seconds

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Run statements on SQLite, and stop the one that runs when the time is over.

        Raises:
            Invalid: `search_too_wide`.
        """
        watch = _Watch(db.session.connection().connection.driver_connection, self._until - monotonic())
        try:
            yield
        except OperationalError as error:
            if not watch.has_interrupted:
                raise
            raise Invalid("search_too_wide", TOO_WIDE, {"search": [TOO_WIDE]}) from error
        finally:
            watch.end()


class _Watch:
    """Interrupts a connection after a time, unless it was ended before: then never, whatever runs there next."""

    def __init__(self, connection: Any, seconds: float) -> None:
        self.has_interrupted = self._is_over = False
        self._connection, self._lock = connection, Lock()
        self._timer = Timer(max(seconds, 0), self._interrupt)
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

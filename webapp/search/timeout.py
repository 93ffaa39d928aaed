"""A search that takes too long is stopped and refused, before a worker hangs on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

from sqlalchemy import Select

from webapp.kernel.database import db
from webapp.kernel.dialects import statement_timeout
from webapp.kernel.refusals import Invalid

SECONDS = 0.3


class SearchTooWide(Invalid):
    """Too little was typed to find it in time."""

    code = "search_too_wide"
    sentence = "This would take too long to find; add another word, or more of one"

    def __init__(self) -> None:
        super().__init__({"search": [self.sentence]})


class Deadline:
    """The time until which all statements of a search together may run:
    `SECONDS` from the first of them.

    What is prepared before, such as the sample of the search index that each process takes once,
    does not count.
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
        try:
            with statement_timeout(left):
                yield
        except TimeoutError as error:
            raise SearchTooWide from error

    def first(self, way: Select[int], seq: Any, most: int, *, oldest: bool) -> list[int]:
        """The newest of those found in a way, or the oldest, by their column `seq`; in time."""
        with self.kept():
            return list(db.session.scalars(way.order_by(seq if oldest else seq.desc()).limit(most)))

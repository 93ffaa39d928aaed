"""Stop and refuse a search that takes too long, so that it does not tie up a worker."""

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
    """The time limit for all statements of a search together: `SECONDS` from the first of them.

    Preparation, such as the sample of the search index that each process takes once, does not
    count.
    """

    def __init__(self) -> None:
        self._until: float | None = None

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Run statements, and cancel the one that is running when the time is up.

        Raises:
            SearchTooWide: the time is up.
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
        """The newest customers of a query, or the oldest, by its column `seq`; in time."""
        with self.kept():
            return list(db.session.scalars(way.order_by(seq if oldest else seq.desc()).limit(most)))

"""Histories on pages: the newest entries, or the older ones that the address asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from webapp.history.entries import HistoryEntry, Subject, entries_of
from webapp.kernel.fields import parse_int
from webapp.kernel.refusals import InvalidAddress

ENTRIES_SHOWN = 20


@dataclass(frozen=True)
class HistoryView:
    """A part of a history, with links to the other parts.

    Attributes:
        entries: Newest first.
        before: Only entries with a lower number are shown; `None` for the newest.
        address: The address of the page; `arguments` is the rest of its query.
    """

    entries: Sequence[HistoryEntry]
    before: int | None
    address: str
    arguments: dict[str, str]

    @property
    def older(self) -> str | None:
        """The address of the entries before these, if there are any."""
        if not self.entries or self.entries[-1].number <= 1:
            return None
        return self._part(self.arguments | {"before": str(self.entries[-1].number)})

    @property
    def newest(self) -> str | None:
        """The address of the newest entries, if older ones are shown."""
        return None if self.before is None else self._part(self.arguments)

    def _part(self, arguments: dict[str, str]) -> str:
        return f"{self.address}{'?' if arguments else ''}{urlencode(arguments)}#history"


def asked_before() -> int | None:
    """The number before which the address asks for entries, if it does.

    Raises:
        Invalid: `invalid_query`; no entry can come before what the address says.
    """
    if "before" not in request.args:
        return None
    before = parse_int(request.args["before"], least=2)
    if before is None:
        raise InvalidAddress({"before": ["It must be a number from 2 on"]})
    return before


def asked_history(subject: Subject, address: str) -> HistoryView:
    """The part of a history that the present request asks for.

    Raises:
        Invalid: `invalid_query`; see `asked_before`.
    """
    before = asked_before()
    entries = entries_of(subject, before=before, limit=ENTRIES_SHOWN)
    return HistoryView(entries, before, address, {})

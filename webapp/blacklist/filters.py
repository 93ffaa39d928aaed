"""What a list of cases asks for, read from a URL."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Any

from webapp.blacklist.models import REASON_NAMES
from webapp.customers.numbering.countries import dial_codes
from webapp.kernel import clock
from webapp.kernel.fields import MAX_NAME_LENGTH, parse_int, printable
from webapp.search.filters import read_each, read_page

NO_DIAL_CODE = "none"


class Which(StrEnum):
    """Which cases a list shows, by their present state."""

    OPEN = "open"
    WAITING = "waiting"
    OVERDUE = "overdue"
    CLOSED = "closed"


class CaseEvent(StrEnum):
    """What happened to the listed cases between two days."""

    OPENED = "opened"
    REVIEWED = "reviewed"
    FIRST_REVIEWED = "first_reviewed"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
    LIFTED = "lifted"
    UNDONE = "undone"


@dataclass(frozen=True)
class Opener:
    """Who opened cases, as written in a URL: `staff:3`, `key:2`, `system:operator`."""

    kind: str
    id: int | None
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name if self.id is None else self.id}"

    @classmethod
    def read(cls, text: str) -> "Opener":
        kind, _, who = text.partition(":")
        if (
            kind == "system"
            and who
            and printable(who, instead="") == who
            and len(who) <= MAX_NAME_LENGTH
        ):
            return cls(kind, None, who)
        number = parse_int(who, least=1) if kind in ("staff", "key") else None
        if number is None:
            raise ValueError(text)
        return cls(kind, number, who)


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """What a list of cases shows.

    Attributes:
        happened: What happened to the cases between the days `first` and `last`, both included, in
            the reader's zone.
        dial_code: The customer's present one; `NO_DIAL_CODE` for those without.
        again: Only the last case of each customer who was blacklisted more than once.
        at: Only cases that kept somebody on the blacklist at this moment.
    """

    which: Which | None = None
    happened: CaseEvent | None = None
    first: date | None = None
    last: date | None = None
    reason: str | None = None
    opener: Opener | None = None
    dial_code: str | None = None
    again: bool = False
    at: datetime | None = None
    page: int = 1

    @classmethod
    def read(cls, raw: Mapping[str, str], *, zone: tzinfo = UTC) -> "CaseFilter":
        """Read a list's parameters from a URL; empty ones count as absent.

        Raises:
            Invalid: `invalid_query`, with every parameter that has no valid value.
        """
        readers: dict[str, Any] = {
            "which": Which,
            "happened": CaseEvent,
            "first": clock.read_day,
            "last": clock.read_day,
            "reason": lambda text: _known(text, REASON_NAMES),
            "opener": Opener.read,
            "dial_code": lambda text: _known(text, dial_codes() | {NO_DIAL_CODE: ""}),
            "again": lambda text: bool(_known(text, {"1": True})),
            "at": lambda text: clock.read_moment(text, zone),
            "page": read_page,
        }
        return cls(**read_each(readers, raw))


def _known(text: str, names: Mapping[str, Any]) -> str:
    if text not in names:
        raise ValueError(text)
    return text

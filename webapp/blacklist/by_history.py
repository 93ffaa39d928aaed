"""What the history says of the rows of cases: a customer's chain, told once more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.blacklist.case import first_review_by
from webapp.blacklist.models import Blacklisting, State
from webapp.history.rows import RowsOf, Telling

COLUMNS = (
    "reason", "note", "evidence", "opened_at", "opened_by_kind", "opened_by_id", "opened_by_name",
    "review_by", "reviewed_at", "reviewed_by_id", "reviewed_by_name", "review_note",
    "lift_asked_at", "lift_asked_by_id", "lift_asked_by_name", "lift_reason",
    "closed_at", "closed_by_kind", "closed_by_id", "closed_by_name", "outcome",
)  # fmt: skip
UPHELD = ("upheld", "reopened")
WRITTEN = ("note", "review_note", "lift_reason")


@dataclass
class ToldCase:
    """A case, as far as it has been told.

    Attributes:
        reviews: Those that stand, oldest first.
    """

    row: dict[str, Any]
    reviews: list[Telling] = field(default_factory=list)

    def close(self, entry: Telling, outcome: str) -> None:
        self.row |= {"outcome": outcome, "closed_at": entry.at} | _who("closed_by", entry)

    def reopen(self) -> None:
        names = ("outcome", "closed_at", "closed_by_kind", "closed_by_id", "closed_by_name")
        self.row |= dict.fromkeys(names)


def _who(prefix: str, entry: Telling) -> dict[str, Any]:
    return {
        f"{prefix}_kind": entry.actor_kind,
        f"{prefix}_id": entry.actor_id,
        f"{prefix}_name": entry.actor_name,
    }


def tell(entries: Sequence[Telling]) -> list[ToldCase]:
    """The cases of a customer, oldest first."""
    cases: list[ToldCase] = []
    for entry in entries:
        if entry.kind == "blacklisted":
            cases.append(_opened(entry))
        elif entry.kind in DEEDS and cases:
            DEEDS[entry.kind](cases[-1], entry)
    return cases


def _opened(entry: Telling) -> ToldCase:
    row = dict.fromkeys(COLUMNS) | {
        "reason": entry.value("reason"),
        "note": entry.value("note", ""),
        "evidence": entry.value("evidence", []),
        "opened_at": entry.at,
    }
    return ToldCase(row | _who("opened_by", entry))


def _upheld(case: ToldCase, entry: Telling) -> None:
    case.reviews.append(entry)


def _overturned(case: ToldCase, entry: Telling) -> None:
    case.close(entry, State.OVERTURNED.value)
    case.reviews.append(entry)


def _lifted(case: ToldCase, entry: Telling) -> None:
    case.close(entry, State.LIFTED.value)


def _undone(case: ToldCase, entry: Telling) -> None:
    case.close(entry, State.UNDONE.value)


def _lift_asked(case: ToldCase, entry: Telling) -> None:
    case.row |= {
        "lift_asked_at": entry.at,
        "lift_asked_by_id": entry.actor_id,
        "lift_asked_by_name": entry.actor_name,
        "lift_reason": entry.value("note"),
    }


def _review_undone(case: ToldCase, _: Telling) -> None:
    del case.reviews[-1:]
    case.reopen()


def _reopened(case: ToldCase, entry: Telling) -> None:
    case.reopen()
    case.reviews.append(entry)


DEEDS: dict[str, Callable[[ToldCase, Telling], None]] = {
    "upheld": _upheld,
    "overturned": _overturned,
    "lifted": _lifted,
    "undone": _undone,
    "lift_asked": _lift_asked,
    "review_undone": _review_undone,
    "reopened": _reopened,
}


def _cases(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    is_erased = any(entry.kind == "deleted" for entry in entries)
    return [_row_of(case, is_erased=is_erased) for case in tell(entries)]


def _row_of(case: ToldCase, *, is_erased: bool) -> dict[str, Any]:
    last = case.reviews[-1] if case.reviews else None
    row = case.row | {
        "reviewed_at": last and last.at,
        "reviewed_by_id": last and last.actor_id,
        "reviewed_by_name": last and last.actor_name,
        "review_note": last and last.value("note", ""),
    }
    if is_erased:  # what was written is gone, and with it what the entries said of codes and days
        rest = {name: value for name, value in row.items() if name not in ("reason", "review_by")}
        return rest | dict.fromkeys(WRITTEN) | {"evidence": []}
    days = [entry.value("review_by") for entry in case.reviews if entry.kind in UPHELD]
    if not all(days):  # an entry of an early edition
        return {name: value for name, value in row.items() if name != "review_by"}
    due = datetime.fromisoformat(days[-1]) if days else first_review_by(row["opened_at"])
    return row | {"review_by": due}


ROWS = (
    RowsOf(
        "case",
        select(
            Blacklisting.customer_seq, *(getattr(Blacklisting, name) for name in COLUMNS)
        ).order_by(Blacklisting.customer_seq, Blacklisting.seq),
        _cases,
    ),
)

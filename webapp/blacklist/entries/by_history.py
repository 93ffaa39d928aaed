"""What the history says of the rows of entries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.blacklist.case import first_review_by
from webapp.blacklist.entries.lists import OF_VERSION, EntryList
from webapp.blacklist.entries.models import BlacklistEntry, Outcome
from webapp.blacklist.models import REVIEW_AFTER
from webapp.history.entries import HistoryEntry, entries_of
from webapp.history.rows import RowsOf, Telling
from webapp.kernel import clock

COLUMNS = (
    "kind", "value", "level", "reason", "note", "evidence",
    "opened_at", "opened_by_kind", "opened_by_id", "opened_by_name", "accountable_id",
    "until", "review_by", "reviewed_at", "reviewed_by_id", "reviewed_by_name", "review_note",
    "removal_asked_at", "removal_asked_by_id", "removal_asked_by_name", "removal_reason",
    "closed_at", "closed_by_kind", "closed_by_id", "closed_by_name", "closed_note", "outcome",
    "list_seq", "version", "updated_at",
)  # fmt: skip
CLOSINGS = {f"entry_{outcome}": outcome.value for outcome in Outcome}


def as_it_was(entry: BlacklistEntry, at: datetime) -> BlacklistEntry:
    """An entry at a moment at which it stood, as its history tells of it."""
    if entry.updated_at <= at:
        return entry
    tellings = [
        _telling(one) for one in entries_of(entry.subject, limit=None)[::-1] if one.at <= at
    ]
    return BlacklistEntry(seq=entry.seq, **_entries(tellings)[0])


def _telling(entry: HistoryEntry) -> Telling:
    new = entry.values.new if entry.values else None
    names = ("kind", "at", "actor_kind", "actor_id", "actor_name", "door", "version")
    return Telling(**{name: getattr(entry, name) for name in names}, new=new)


def _entries(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    for entry in entries:
        if entry.kind == "entry_added":
            row |= _opened(entry)
        elif entry.kind == "entry_kept":
            row |= {"reviewed_at": entry.at, "review_note": entry.value("note", "")}
            row |= {"reviewed_by_id": entry.actor_id, "reviewed_by_name": entry.actor_name}
            row["review_by"] = clock.from_iso(entry.value("review_by"))
        elif entry.kind == "entry_removal_asked":
            row |= {"removal_asked_at": entry.at, "removal_reason": entry.value("note")}
            row["removal_asked_by_id"] = entry.actor_id
            row["removal_asked_by_name"] = entry.actor_name
        elif entry.kind == "entry_end_set":
            row["until"] = clock.from_iso(entry.value("until"))
        elif entry.kind in CLOSINGS:
            row |= {"outcome": CLOSINGS[entry.kind], "closed_at": entry.at}
            row |= entry.who("closed_by") | {"closed_note": entry.value("note")}
    last = entries[-1:]
    return [row | {"version": one.version, "updated_at": one.at} for one in last]


def _opened(entry: Telling) -> dict[str, Any]:
    row = {name: entry.value(name) for name in ("kind", "value", "level", "accountable_id")}
    more = {
        "reason": entry.value("reason"),
        "note": entry.value("note", ""),
        "evidence": entry.value("evidence", []),
        "until": clock.from_iso(entry.value("until")),
        "list_seq": entry.value("list"),
        "opened_at": entry.at,
        "review_by": first_review_by(entry.at),
    }
    return row | more | entry.who("opened_by")


OF_LIST = (
    "name", "source", "dated", "level", "reason", "note",
    "opened_at", "opened_by_kind", "opened_by_id", "opened_by_name", "accountable_id",
    "review_by", "reviewed_at", "reviewed_by_id", "reviewed_by_name", "removed_at",
    "version", "updated_at",
)  # fmt: skip


def _lists(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    row: dict[str, Any] = dict.fromkeys(OF_LIST)
    for entry in entries:
        if entry.kind == "list_proposed" and entry.version == 1:
            row |= {name: entry.value(name) for name in ("name", *OF_VERSION)}
        elif entry.kind == "list_loaded":
            row |= {name: entry.value(name) for name in (*OF_VERSION, "accountable_id")}
            row |= {"opened_at": entry.at, "review_by": entry.at + REVIEW_AFTER, **NOT_REVIEWED}
            row |= entry.who("opened_by")
            if entry.value("opened_by"):
                names = ("opened_by_kind", "opened_by_id", "opened_by_name")
                row |= dict(zip(names, entry.value("opened_by"), strict=True))
        elif entry.kind == "list_kept":
            row |= {"reviewed_at": entry.at, "review_by": entry.at + REVIEW_AFTER}
            row |= {"reviewed_by_id": entry.actor_id, "reviewed_by_name": entry.actor_name}
        elif entry.value("is_removed"):
            row["removed_at"] = entry.at
    last = entries[-1:]
    return [row | {"version": one.version, "updated_at": one.at} for one in last]


NOT_REVIEWED: dict[str, Any] = dict.fromkeys(("reviewed_at", "reviewed_by_id", "reviewed_by_name"))
LISTS = (
    RowsOf(
        "list",
        EntryList.__table__,
        "seq",
        select(EntryList.seq, *(getattr(EntryList, name) for name in OF_LIST)).order_by(
            EntryList.seq
        ),
        _lists,
    ),
)
ROWS = (
    RowsOf(
        "entry",
        BlacklistEntry.__table__,
        "seq",
        select(BlacklistEntry.seq, *(getattr(BlacklistEntry, name) for name in COLUMNS)).order_by(
            BlacklistEntry.seq
        ),
        _entries,
    ),
)

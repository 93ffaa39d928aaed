"""What the history says of merged records, and of merges that wait for a second person."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from webapp.customers.by_history import told_identity, told_record
from webapp.customers.merged import CAME_BACK, MERGED, MERGED_INTO, UNDONE, MergedCustomer
from webapp.customers.models import DETAILS
from webapp.history.rows import RowsOf, Telling
from webapp.merging.models import MergeRequest
from webapp.merging.requests import ASKED, REFUSED, UNDO_ASKED

OF_RECORD = (
    "id",
    "reference",
    *DETAILS,
    "version",
    "created_at",
    "updated_at",
    "survivor_seq",
    "entry",
)
OF_REQUEST = (
    "other_seq", "is_undo", "choices", "note",
    "at", "by_kind", "by_id", "by_name", "accountable_id",
)  # fmt: skip


def _records(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    """The record as it stood when it was merged, unless it came back or was deleted since."""
    moves = [one for one in entries if one.kind in (MERGED_INTO, CAME_BACK, "deleted")]
    if not moves or moves[-1].kind != MERGED_INTO:
        return []
    names = {"survivor_seq": "other", "entry": "entry"}
    about = {column: moves[-1].value(name) for column, name in names.items()}
    row = {name: value for name, value in told_record(entries).items() if name != "blacklisted"}
    return [row | about | told_identity("id", entries)]


def _requests(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    requests: dict[int, dict[str, Any]] = {}
    for entry in entries:
        other = entry.value("other")
        if entry.kind in (ASKED, UNDO_ASKED) and entry.value("role") == "survivor":
            names = ("choices", "note", "accountable_id")
            row = {name: entry.value(name) for name in names} | entry.who("by")
            is_undo = entry.kind == UNDO_ASKED
            requests[other] = row | {"other_seq": other, "is_undo": is_undo, "at": entry.at}
        elif entry.kind in (MERGED, UNDONE, REFUSED):
            requests.pop(other, None)
        elif entry.kind in (MERGED_INTO, "deleted"):
            requests.clear()
    return [requests[other] for other in sorted(requests)]


ROWS = (
    RowsOf(
        "merged record",
        MergedCustomer.__table__,
        "seq",
        select(MergedCustomer.seq, *(getattr(MergedCustomer, name) for name in OF_RECORD)).order_by(
            MergedCustomer.seq
        ),
        _records,
    ),
    RowsOf(
        "request to merge",
        MergeRequest.__table__,
        "survivor_seq",
        select(
            MergeRequest.survivor_seq, *(getattr(MergeRequest, name) for name in OF_REQUEST)
        ).order_by(MergeRequest.survivor_seq, MergeRequest.other_seq),
        _requests,
        is_whole=False,
    ),
)

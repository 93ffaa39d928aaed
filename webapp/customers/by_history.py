"""What the history says of the rows of customers, notes, requests to delete and tombstones."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from webapp.customers.merged import CAME_BACK, MERGED_INTO
from webapp.customers.models import DETAILS, Customer, DeletionRequest, Tombstone
from webapp.customers.notes import CustomerNote
from webapp.history.found import Found
from webapp.history.rows import FOUND, RowsOf, Telling
from webapp.kernel import clock
from webapp.kernel.database import db

Deed = Callable[[dict[str, Any], Telling], None]
OF_CREATION = (*DETAILS, "reference")
OF_NOTE = (
    "seq", "text", "written_at", "written_by_id", "written_by_name", "edited_at", "is_pinned",
)  # fmt: skip
OF_REQUEST = ("at", "by_kind", "by_id", "by_name", "accountable_id")
OF_TOMBSTONE = (
    "customer_id", "reference", "version",
    "deleted_at", "deleted_by_kind", "deleted_by_id", "deleted_by_name", "accountable_id",
)  # fmt: skip


def _customers(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    moves = [one for one in entries if one.kind in (MERGED_INTO, CAME_BACK)]
    is_merged = bool(moves) and moves[-1].kind == MERGED_INTO
    if not entries or is_merged or _deletion(entries):
        return []
    return [told_record(entries) | told_identity("id", entries)]


def told_record(entries: Sequence[Telling]) -> dict[str, Any]:
    """What entries say of a customer's row, or of that of a record merged into another."""
    row: dict[str, Any] = dict.fromkeys(DETAILS) | {"blacklisted": False}
    for entry in entries:
        names = OF_CREATION if entry.kind == "created" else DETAILS
        row |= {name: entry.new[name] for name in names if entry.new and name in entry.new}
        row["blacklisted"] = entry.value("blacklisted", row["blacklisted"])
    last = entries[-1]
    return row | {"version": last.version, "created_at": entries[0].at, "updated_at": last.at}


def told_identity(column: str, entries: Sequence[Telling]) -> dict[str, UUID]:
    """The id, which entries of before the log do not tell."""
    known = next((entry.value("id") for entry in entries if entry.value("id")), None)
    return {column: UUID(known)} if known else {}


def _notes(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    notes: list[dict[str, Any]] = []
    if _deletion(entries):
        return []
    for entry in entries:
        if entry.kind == "note_added":
            notes.append(_note(entry))
        elif entry.kind == FOUND:
            pairs = zip(notes, entry.value("notes", []), strict=False)
            for note, about in (pair for pair in pairs if pair[0]["seq"] is None):
                note |= about | {"edited_at": clock.from_iso(about["edited_at"])}
        elif entry.kind in DEEDS_ON_NOTES:
            _do(DEEDS_ON_NOTES[entry.kind], notes, entry)
    return [_told(note) for note in notes]


def _do(deed: Deed, notes: Sequence[dict[str, Any]], entry: Telling) -> None:
    """Apply a deed to its note; where no entry says which one that is, what notes say is unsure."""
    number = entry.value("number")
    meant = [note for note in notes if number and note["seq"] == number]
    for note in meant:
        deed(note, entry)
    for note in notes if not meant else ():
        if note["seq"] is None:
            note |= {"text": None, "edited_at": None, "is_pinned": None}


def _told(note: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is sure of a note."""
    may_be_none = {"written_by_id"} | ({"edited_at"} if note["text"] is not None else set())
    return {name: value for name, value in note.items() if value is not None or name in may_be_none}


def _note(entry: Telling) -> dict[str, Any]:
    return {
        "seq": entry.value("number"),
        "text": entry.value("note"),
        "written_at": entry.at,
        "written_by_id": entry.actor_id,
        "written_by_name": entry.actor_name,
        "edited_at": None,
        "is_pinned": False,
    }


def _edit(note: dict[str, Any], entry: Telling) -> None:
    note |= {"text": entry.value("note"), "edited_at": entry.at}


def _pin(note: dict[str, Any], _: Telling) -> None:
    note["is_pinned"] = True


def _unpin(note: dict[str, Any], _: Telling) -> None:
    note["is_pinned"] = False


DEEDS_ON_NOTES: dict[str, Deed] = {
    "note_edited": _edit,
    "note_pinned": _pin,
    "note_unpinned": _unpin,
}


def _requests(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    request: list[Mapping[str, Any]] = []
    for entry in entries:
        if entry.kind == "deletion_asked":
            request = [{"at": entry.at} | entry.who("by") | _accountable(entry)]
        elif entry.kind in ("deletion_refused", "deleted"):
            request = []
        elif entry.kind == FOUND and request:
            request = [{**_accountable(entry), **request[0]}]
    return request


def _accountable(entry: Telling) -> dict[str, Any]:
    """Who is accountable, which entries of before the log do not tell."""
    name = "accountable_id"
    return {name: entry.new[name]} if entry.new and name in entry.new else {}


def _tombstones(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    deletion = _deletion(entries)
    if deletion is None:
        return []
    known = {"deleted_at": deletion.at, "version": entries[-1].version}
    known |= deletion.who("deleted_by") | told_identity("customer_id", entries)
    for entry in entries:
        if entry.kind in ("deleted", FOUND):
            for name in {"reference", "accountable_id"} - known.keys():
                known |= {name: entry.new[name]} if entry.new and name in entry.new else {}
    return [known]


def _deletion(entries: Sequence[Telling]) -> Telling | None:
    """The entry of it; a manager may have agreed to a removal since."""
    return next((entry for entry in entries if entry.kind == "deleted"), None)


def look(seqs: Sequence[int]) -> Found:
    """What entries of before the log do not say of customers, living and deleted."""
    looks: dict[int, dict[str, Any]] = {}
    for customer in db.session.execute(
        select(Customer.seq, Customer.id).where(Customer.seq.in_(seqs))
    ):
        looks[customer.seq] = {"id": str(customer.id)}
    for stone in db.session.scalars(select(Tombstone).where(Tombstone.customer_seq.in_(seqs))):
        looks[stone.customer_seq] = {
            "id": str(stone.customer_id),
            "reference": stone.reference,
            "accountable_id": stone.accountable_id,
        }
    for request in db.session.scalars(
        select(DeletionRequest).where(DeletionRequest.customer_seq.in_(seqs))
    ):
        looks[request.customer_seq]["accountable_id"] = request.accountable_id
    its_own = CustomerNote.customer_seq.in_(seqs)
    for note in db.session.scalars(select(CustomerNote).where(its_own).order_by(CustomerNote.seq)):
        about = {"seq": note.seq, "edited_at": note.edited_at and clock.in_iso(note.edited_at)}
        notes = looks[note.customer_seq].setdefault("notes", [])
        notes.append(about | {"is_pinned": note.is_pinned})
    return looks


ROWS = (
    RowsOf(
        "details",
        Customer.__table__,
        "seq",
        select(
            Customer.seq,
            *(getattr(Customer, name) for name in (*OF_CREATION, "id", "blacklisted", "version")),
            Customer.created_at,
            Customer.updated_at,
        ).order_by(Customer.seq),
        _customers,
    ),
    RowsOf(
        "note",
        CustomerNote.__table__,
        "customer_seq",
        select(
            CustomerNote.customer_seq, *(getattr(CustomerNote, name) for name in OF_NOTE)
        ).order_by(CustomerNote.customer_seq, CustomerNote.seq),
        _notes,
    ),
    RowsOf(
        "request to delete",
        DeletionRequest.__table__,
        "customer_seq",
        select(
            DeletionRequest.customer_seq, *(getattr(DeletionRequest, name) for name in OF_REQUEST)
        ).order_by(DeletionRequest.customer_seq),
        _requests,
    ),
    RowsOf(
        "tombstone",
        Tombstone.__table__,
        "customer_seq",
        select(
            Tombstone.customer_seq, *(getattr(Tombstone, name) for name in OF_TOMBSTONE)
        ).order_by(Tombstone.customer_seq),
        _tombstones,
    ),
)

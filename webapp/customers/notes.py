"""Notes about a customer: written, corrected within ten minutes, pinned; all in the history."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import cast
from uuid import UUID

from sqlalchemy import Index, Table, Text, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.customers.changes import changing_customer
from webapp.customers.merged import MergedCustomer
from webapp.customers.models import Customer
from webapp.history.changes import Change, Projection
from webapp.history.entries import Actor, Subject
from webapp.kernel.database import Model, Moment, db
from webapp.kernel.database import Sequence as Key
from webapp.kernel.fields import MAX_NOTE_LENGTH, read_lines
from webapp.kernel.prepared import Prepared
from webapp.kernel.refusals import Conflict, NotFound, refuse
from webapp.kernel.submission import Submission

EDIT_FOR = timedelta(minutes=10)


class CustomerNote(Model):
    """A few words of a staff member about a customer, such as what was said in a call. Deleted with
    the customer.

    Attributes:
        edited_at: When its author last corrected it; `None` if it stands as first written.
        is_pinned: It stands above all others that are not.
    """

    __tablename__ = "customer_note"
    __table_args__ = (Index("ix_customer_note_customer_seq", "customer_seq", "seq"),)

    seq: Mapped[int] = mapped_column(Key, primary_key=True)
    customer_seq: Mapped[int] = mapped_column(Key)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Moment)
    written_by_id: Mapped[int | None]
    written_by_name: Mapped[str] = mapped_column(Text)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    is_pinned: Mapped[bool] = mapped_column(default=False)


class NoSuchNote(NotFound):
    code = "note_not_found"
    sentence = "There is no such note"


class NoteOfSomebodyElse(Conflict):
    code = "not_your_note"
    sentence = "{by_name} wrote this note; only they can change it"


class NoteTooOld(Conflict):
    code = "note_too_old"
    sentence = "Ten minutes have passed; add another note"


def notes_of(customer: Customer | MergedCustomer) -> Sequence[CustomerNote]:
    """Rows, not entities, of all notes about a customer or merged record: pinned ones first, then
    the newest.
    """
    return _NOTES.all(db.session.connection(), customer_seq=customer.seq)


_note = cast(Table, CustomerNote.__table__)
_NOTES = Prepared(
    select(_note)
    .where(_note.c.customer_seq == bindparam("customer_seq"))
    .order_by(_note.c.is_pinned.desc(), _note.c.seq.desc())
)


def add_note(customer_id: UUID, text: str, *, by: Actor) -> CustomerNote:
    """Write a note about a customer.

    Args:
        text: Plain text of several lines, up to 2,000 characters.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with problems on `text`.
    """
    text = _read(text)
    with changing_customer(customer_id, by=by) as change:
        note = CustomerNote(
            customer_seq=change.row.seq,
            text=text,
            written_at=change.at,
            written_by_id=by.id,
            written_by_name=by.name,
            is_pinned=False,
        )
        db.session.add(note)
        db.session.flush()
        change.record("note_added", new={"note": text, "number": note.seq})
        return note


def edit_note(customer_id: UUID, note_seq: int, text: str, *, by: Actor) -> CustomerNote:
    """Correct a note; a text that is the same changes nothing.

    Raises:
        NotFound: `customer_not_found` or `note_not_found`.
        Invalid: `invalid_details`, with problems on `text`.
        Conflict: `not_your_note` or `note_too_old`.
    """
    text = _read(text)
    with _changing_note(customer_id, note_seq, by) as (change, note):
        refuse(refusal_to_edit(note, by=by, now=change.at))
        if text != note.text:
            new = {"note": text, "number": note.seq}
            change.record("note_edited", old={"note": note.text}, new=new)
            note.text, note.edited_at = text, change.at
        return note


def refusal_to_edit(note: CustomerNote, *, by: Actor, now: datetime) -> Conflict | None:
    """Why this note may not be corrected; `None` if it may."""
    if note.written_by_id != by.id:
        return NoteOfSomebodyElse(by_name=note.written_by_name)
    return NoteTooOld() if now - note.written_at > EDIT_FOR else None


def pin_note(customer_id: UUID, note_seq: int, *, is_pinned: bool, by: Actor) -> CustomerNote:
    """Put a note above the others, or back among them.

    Raises:
        NotFound: `customer_not_found` or `note_not_found`.
    """
    with _changing_note(customer_id, note_seq, by) as (change, note):
        if note.is_pinned != is_pinned:
            note.is_pinned = is_pinned
            kind = "note_pinned" if is_pinned else "note_unpinned"
            change.record(kind, new={"note": note.text, "number": note.seq})
        return note


@contextmanager
def _changing_note(
    customer_id: UUID, note_seq: int, by: Actor
) -> Iterator[tuple[Change[Customer], CustomerNote]]:
    with changing_customer(customer_id, by=by) as change:
        note = db.session.get(CustomerNote, note_seq, populate_existing=True)
        if note is None or note.customer_seq != change.row.seq:
            raise NoSuchNote
        yield change, note


def _read(text: str) -> str:
    submission = Submission()
    submission.read("text", partial(read_lines, most=MAX_NOTE_LENGTH), text)
    if submission.values.get("text") == "":
        submission.note("text", "Write something first")
    submission.refuse_if_wrong()
    return str(submission.values["text"])


class CustomerNotes(Projection):
    def forget(self, subject: Subject) -> None:
        its_own = CustomerNote.customer_seq == subject.seq
        db.session.execute(delete(CustomerNote).where(its_own))

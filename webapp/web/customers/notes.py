"""Notes about a customer, written on their page."""

from functools import partial
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from webapp.customers import finding, notes
from webapp.http.doors import needs
from webapp.kernel.refusals import Conflict, Invalid
from webapp.staff.permissions import Permission
from webapp.web.customers import customers, show
from webapp.web.customers.forms import NoteForm
from webapp.web.customers.pages import ShowCustomer
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried
from webapp.web.frame.htmx import (
    flash_success,
    go_to,
    refused,
    toast,
    wants_fragment,
    whole_or_part,
)
from webapp.web.frame.reading_budget import count_read

NOTE = "<int(max=9223372036854775807):note_seq>"


@customers.get("/customers/<uuid:customer_id>/notes")
@needs(Permission.EDIT_CUSTOMERS)
def new_note(customer_id: UUID) -> ResponseReturnValue:
    """The customer, with the draft of a note that the end of a session interrupted."""
    return _page(customer_id, NoteForm(drafts.restored()))


@customers.post("/customers/<uuid:customer_id>/notes")
@needs(Permission.EDIT_CUSTOMERS)
@carried
def add_note(customer_id: UUID) -> ResponseReturnValue:
    return _write(customer_id, partial(notes.add_note, customer_id), NoteForm(request.form))


@customers.get(f"/customers/<uuid:customer_id>/notes/{NOTE}")
@needs(Permission.EDIT_CUSTOMERS)
def correct_note(customer_id: UUID, note_seq: int) -> ResponseReturnValue:
    """The customer, with the draft of a correction that the end of a session interrupted."""
    return _page(customer_id, NoteForm.about(note_seq, drafts.restored()))


@customers.post(f"/customers/<uuid:customer_id>/notes/{NOTE}")
@needs(Permission.EDIT_CUSTOMERS)
@carried
def edit_note(customer_id: UUID, note_seq: int) -> ResponseReturnValue:
    edit = partial(notes.edit_note, customer_id, note_seq)
    return _write(customer_id, edit, NoteForm.about(note_seq, request.form))


@customers.post(f"/customers/<uuid:customer_id>/notes/{NOTE}/pin")
@needs(Permission.EDIT_CUSTOMERS)
def pin_note(customer_id: UUID, note_seq: int) -> ResponseReturnValue:
    is_pinned = request.form.get("pinned") == "yes"
    notes.pin_note(customer_id, note_seq, is_pinned=is_pinned, by=actor())
    return _answer(customer_id, "The note is pinned." if is_pinned else "The note is unpinned.")


def _write(customer_id: UUID, deed: Any, form: NoteForm) -> ResponseReturnValue:
    """Save a note; one that is refused comes back as it was typed."""
    try:
        deed(form.submitted["text"] or "", by=actor())
    except (Invalid, Conflict) as refusal:
        form.show(refusal)
        if isinstance(refusal, Conflict):
            form.text.errors = [refusal.message]
        return refused(whole_or_part(_page(customer_id, form)), refusal)
    drafts.forget()
    return _answer(customer_id, "The note is saved.")


def _page(customer_id: UUID, form: NoteForm | None = None) -> ShowCustomer:
    count_read(1)
    return show.as_it_is(finding.get_customer(customer_id), note_form=form)


def _answer(customer_id: UUID, message: str) -> ResponseReturnValue:
    if wants_fragment():
        return Response(_page(customer_id).part() + toast(message, kind="success"))
    flash_success(message)
    return go_to(url_for("customers.show_customer", customer_id=customer_id, _anchor="notes"))

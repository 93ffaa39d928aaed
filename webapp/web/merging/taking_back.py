"""Undoing a merge: what goes back, what stays, and why."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.customers.merged import survivor_of
from webapp.customers.models import Customer
from webapp.http.doors import needs
from webapp.kernel.refusals import Conflict, Invalid
from webapp.merging import taking_back
from webapp.merging.pair import Merging, OtherVersion
from webapp.merging.plan import plan_of
from webapp.merging.requests import MergeIsAsked
from webapp.staff.permissions import Permission
from webapp.web.frame import drafts
from webapp.web.frame.auth import actor
from webapp.web.frame.drafts import carried
from webapp.web.frame.htmx import flash_notice, flash_success, go_to, refused
from webapp.web.frame.reading_budget import count_read
from webapp.web.merging import merging
from webapp.web.merging.forms import NoteForm
from webapp.web.merging.pages import UndoMerge
from webapp.web.words.terms import FIELD_NAMES


@merging.get("/merged/<uuid:record_id>/undo")
@needs(Permission.MERGE_CUSTOMERS)
def new_undo(record_id: UUID) -> ResponseReturnValue:
    count_read(2)
    return _page(record_id, NoteForm(drafts.restored()))


@merging.post("/merged/<uuid:record_id>/undo")
@needs(Permission.MERGE_CUSTOMERS)
@carried
def undo_merge(record_id: UUID) -> ResponseReturnValue:
    form = NoteForm(request.form)
    try:
        note = form.submitted["note"] or ""
        done = taking_back.take_back(record_id, note=note, seen=form.versions, by=actor())
    except (Invalid, OtherVersion, MergeIsAsked) as refusal:
        form.show(refusal)
        return refused(_page(record_id, form, refusal), refusal)
    drafts.forget()
    flash_undone(done)
    return go_to(url_for("customers.show_customer", customer_id=done.survivor.id))


def flash_undone(done: Merging) -> None:
    """Say what came of an undo, and name what stays as it is."""
    if done.request:
        flash_notice("You asked to undo this merge. Another manager must agree.")
        return
    flash_success(f"{done.other.reference} is a customer again.")
    if done.stays_closed:
        flash_notice("A blacklisting stays removed: it was joined with one that was removed.")
    if done.stays:
        names = ", ".join(FIELD_NAMES[group] for group in done.stays)
        flash_notice(f"Somebody changed this since, so it stays: {names}.")


def _page(record_id: UUID, form: NoteForm, refusal: Invalid | Conflict | None = None) -> UndoMerge:
    record = taking_back.get_record(record_id)
    survivor = survivor_of(record)
    if survivor.seq != record.survivor_seq:
        raise taking_back.MergedInTurn
    form.seen.data = versions(survivor, record.version)
    plan = plan_of(survivor, record)
    return UndoMerge(form=form, refusal=refusal, survivor=survivor, record=record, plan=plan)


def versions(survivor: Customer, other_version: int) -> str:
    """The versions of both as a form carries them."""
    return f"{survivor.version} {other_version}"

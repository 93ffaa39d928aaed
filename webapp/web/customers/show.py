"""The record of one customer as pages show it: whole,
as a row of a list, or as the tombstone of a deleted one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask import g, url_for

from webapp.batches import undoing
from webapp.blacklist import as_of, four_eyes, opening
from webapp.blacklist.case import cases_of, closed_cases, latest_of
from webapp.blacklist.entries.matching import entries_about
from webapp.blacklist.entries.models import BlacklistEntry
from webapp.blacklist.models import Blacklisting, Review
from webapp.blacklist.reviewing import review_undo
from webapp.customers import finding, notes
from webapp.customers.merged import MergedCustomer, merged_into
from webapp.customers.models import Customer, Tombstone
from webapp.customers.notes import CustomerNote
from webapp.history.entries import HistoryEntry, entries_of, first_entry
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.lookalikes import known_identifiers, pairs
from webapp.search import results
from webapp.search.query import understand
from webapp.staff.permissions import Permission
from webapp.web.blacklist.review_page import turn_partials
from webapp.web.customers.forms import NoteForm
from webapp.web.customers.pages import (
    DeletedCustomer,
    MergedView,
    NoteView,
    ShowCustomer,
    ShowCustomerAsOf,
)
from webapp.web.frame.auth import actor, may_visitor, visitor
from webapp.web.frame.histories import ENTRIES_SHOWN, HistoryView, asked_before, asked_history
from webapp.web.frame.htmx import partial
from webapp.web.frame.return_to import ReturnTo, Where
from webapp.web.search.last_list import neighbours_of
from webapp.web.search.pages import CustomerRow
from webapp.web.search.rows import Rows

TOLD_FOR = timedelta(days=1)


def as_it_is(customer: Customer, *, note_form: NoteForm | None = None) -> ShowCustomer:
    """The page of a customer for the visitor.

    Args:
        note_form: A note that was typed and not yet saved.
    """
    cases, merged = cases_of(customer.seq), merged_into(customer)
    case = next((one for one in cases if one.closed_at is None), None)
    history = asked_history(customer.subject, _address(customer.id))
    may_review = may_visitor(Permission.REVIEW)
    return ShowCustomer(
        customer=customer,
        case=case,
        former=known_identifiers.former(case.seq, customer) if case else {},
        closed_cases=[one for one in cases if one.closed_at],
        created=_creation(customer, history),
        last=entries_of(customer.subject, limit=1)[0] if history.before else history.entries[0],
        history=history,
        may_undo=case is not None and _may_undo(case),
        may_lift=may_review and case is not None and _may_decide(case),
        undoable=_undoable_review(cases) if may_review else None,
        merged_over=None if history.before else _merged_over(history.entries),
        entries=_entries_about(customer, merged),
        merged=[_merged_view(record) for record in merged],
        similar=pairs.duplicates_of(customer),
        notes=_notes_of(customer, note_form),
        note_form=note_form,
        beside=neighbours_of(customer.id),
        standing=_standing(customer, history),
    )


def _entries_about(
    customer: Customer, merged: Sequence[MergedCustomer]
) -> Sequence[BlacklistEntry]:
    known: list[Customer | MergedCustomer] = [customer, *merged]
    return entries_about([[one.details for one in known]], [[one.reference for one in known]])[0]


def _merged_view(record: MergedCustomer) -> MergedView:
    key = ("customer", record.survivor_seq, record.entry)
    entry = db.session.get_one(HistoryEntry, key)
    before = entry.at - clock.MILLISECOND
    return MergedView(record, entry.at, entry.actor_name, before, notes.notes_of(record))


def _standing(customer: Customer, history: HistoryView) -> list[int]:
    """The changes on show that the reader may undo."""
    if not may_visitor(Permission.EDIT_CUSTOMERS):
        return []
    return [entry.number for entry in history.entries if undoing.stands(entry, customer)]


def _creation(customer: Customer, history: HistoryView) -> HistoryEntry | None:
    oldest_shown = history.entries[-1]
    return oldest_shown if oldest_shown.number == 1 else first_entry(customer.subject)


def _notes_of(customer: Customer, form: NoteForm | None) -> list[NoteView]:
    return [_note_view(note, form) for note in notes.notes_of(customer)]


def _note_view(note: CustomerNote, form: NoteForm | None) -> NoteView:
    may_edit = notes.refusal_to_edit(note, by=actor(), now=clock.now()) is None
    is_typed = form and form.note_seq == note.seq and form.submitted["text"] is not None
    typed = form if is_typed else None
    if may_edit and typed is None:
        typed = NoteForm.about(note.seq)
        typed.text.data = note.text
    return NoteView(note, typed)


def _address(customer_id: UUID) -> str:
    return url_for("customers.show_customer", customer_id=customer_id)


def as_it_was(customer: Customer, at: datetime) -> ShowCustomerAsOf:
    """The page of a customer as of an earlier moment.

    Raises:
        NotFound: `not_yet`.
    """
    g.reading_at = at
    then = as_of.as_it_was(customer, at)
    before = asked_before()
    entries = [entry for entry in then.entries if before is None or entry.number < before]
    moment = {"at": clock.in_iso(then.at)}
    return ShowCustomerAsOf(
        past=then,
        customer=then.customer,
        case=then.case,
        former=known_identifiers.former(then.case.seq, then.customer, at=at) if then.case else {},
        closed_cases=then.closed_cases,
        created=then.entries[-1],
        last=then.entries[0],
        history=HistoryView(entries[:ENTRIES_SHOWN], before, _address(customer.id), moment),
    )


def _may_undo(case: Blacklisting) -> bool:
    refusal = opening.refusal_to_undo(case, by=actor(), now=clock.now())
    return refusal is None and may_visitor(Permission.BLACKLIST)


def _may_decide(case: Blacklisting) -> bool:
    return four_eyes.refusal_to_lift(case, by=actor()) is None


def _undoable_review(cases: Sequence[Blacklisting]) -> Review | None:
    latest = latest_of(cases)
    return review_undo.find_undoable(latest, by=actor(), now=clock.now()) if latest else None


def _merged_over(entries: Sequence[HistoryEntry]) -> HistoryEntry | None:
    """Somebody else's recent change that was merged with
    one of the reader's, so that both people hear of it.
    """
    me, since = visitor().id, clock.now() - TOLD_FOR
    mine = {
        entry.version for entry in entries if entry.actor_kind == "staff" and entry.actor_id == me
    }
    for entry in entries:
        seen = entry.based_on if entry.based_on is not None else entry.version
        if (
            entry.at > since
            and entry.version not in mine
            and mine & set(range(seen + 1, entry.version))
        ):
            return entry
    return None


def what_is_left(tombstone: Tombstone) -> DeletedCustomer:
    return DeletedCustomer(
        tombstone=tombstone,
        closed_cases=closed_cases(tombstone.customer_seq),
        history=asked_history(tombstone.subject, _address(tombstone.customer_id)),
    )


def drawn_anew(customer_id: UUID, place: ReturnTo) -> str:
    """Redraw a customer where the request came from: their row in a list,
    the case in the queue, or their whole record.

    Raises:
        CustomerDeleted: somebody has just deleted them.
    """
    if place.where is Where.QUEUE:
        return turn_partials(place)
    if place.where is Where.ROW:
        shown = Rows(understand("")).view(results.listed(customer_id))
        row = CustomerRow(row=shown).html()
        return partial(f"#c-{customer_id}", row, swap="outerMorph")
    record = as_it_is(finding.get_customer(customer_id)).part()
    return partial("#record", record, swap="outerMorph")

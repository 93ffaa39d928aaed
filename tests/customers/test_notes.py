"""Notes about customers: who may write and correct them, and that each stands in the history."""

import pytest

from tests.support.cast import actor, add
from webapp.customers import erase, finding, notes
from webapp.customers.notes import CustomerNote
from webapp.history.entries import entries_of
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, Invalid, NotFound

pytestmark = pytest.mark.usefixtures("staffed")


def texts(customer):
    return [note.text for note in notes.notes_of(finding.get_customer(customer.id))]


def kinds(customer):
    return [entry.kind for entry in entries_of(customer.subject)]


def test_the_newest_stands_first_and_a_pinned_one_above_it():
    kofi = add()
    first = notes.add_note(kofi.id, "First.", by=actor("Esi"))
    notes.add_note(kofi.id, " Second.\r\nTwo lines. ", by=actor("Kwame"))
    assert texts(kofi) == ["Second.\nTwo lines.", "First."]
    notes.pin_note(kofi.id, first.seq, is_pinned=True, by=actor("Kwame"))
    notes.pin_note(kofi.id, first.seq, is_pinned=True, by=actor("Kwame"))
    assert texts(kofi) == ["First.", "Second.\nTwo lines."]
    notes.pin_note(kofi.id, first.seq, is_pinned=False, by=actor("Esi"))
    assert texts(kofi) == ["Second.\nTwo lines.", "First."]
    assert kinds(kofi) == ["note_unpinned", "note_pinned", "note_added", "note_added", "created"]


def test_its_author_corrects_it_for_ten_minutes(the_clock):
    kofi = add()
    note = notes.add_note(kofi.id, "Calls bakc.", by=actor("Esi"))
    with pytest.raises(Conflict, match="Esi wrote this note; only they can change it"):
        notes.edit_note(kofi.id, note.seq, "Other words.", by=actor("Ama"))
    the_clock.forward(minutes=9)
    edited = notes.edit_note(kofi.id, note.seq, "Calls back.", by=actor("Esi"))
    assert (edited.text, edited.edited_at) == ("Calls back.", edited.edited_at)
    newest = entries_of(kofi.subject)[0]
    assert (newest.kind, newest.old("note"), newest.new("note")) == (
        "note_edited", "Calls bakc.", "Calls back.",
    )  # fmt: skip
    the_clock.forward(minutes=2)
    with pytest.raises(Conflict, match="Ten minutes have passed"):
        notes.edit_note(kofi.id, note.seq, "Too late.", by=actor("Esi"))
    assert texts(kofi) == ["Calls back."]


def test_the_same_text_changes_nothing():
    kofi = add()
    note = notes.add_note(kofi.id, "Called.", by=actor("Esi"))
    notes.edit_note(kofi.id, note.seq, "Called. ", by=actor("Esi"))
    assert kinds(kofi) == ["note_added", "created"]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2_001, "a\x00b", "a\u202eb", None])
def test_what_is_no_note_is_refused_on_its_field(text):
    kofi = add()
    with pytest.raises(Invalid) as refusal:
        notes.add_note(kofi.id, text, by=actor("Esi"))
    assert list(refusal.value.fields) == ["text"]
    assert texts(kofi) == []


def test_a_note_of_another_customer_is_not_found():
    kofi, other = add(), add(email="other@example.com", phone=None)
    note = notes.add_note(kofi.id, "His.", by=actor("Esi"))
    for deed in (
        lambda: notes.edit_note(other.id, note.seq, "Hers.", by=actor("Esi")),
        lambda: notes.pin_note(other.id, note.seq, is_pinned=True, by=actor("Esi")),
        lambda: notes.edit_note(kofi.id, 10**9, "Nothing.", by=actor("Esi")),
    ):
        with pytest.raises(NotFound, match="There is no such note"):
            deed()


def test_notes_go_with_the_customer():
    kofi = add()
    notes.add_note(kofi.id, "Called.", by=actor("Esi"))
    erase.delete_customer(kofi.id, by=actor("Ama"))
    assert db.session.query(CustomerNote).count() == 0
    with pytest.raises(NotFound):
        notes.add_note(kofi.id, "Called again.", by=actor("Esi"))

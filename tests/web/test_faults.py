"""The page on which managers explain faults of the history."""

import pytest
from sqlalchemy import text

from tests.support.cast import add
from tests.support.commands import run
from tests.support.strict import text_of
from webapp.history.proofs import explained, proved
from webapp.kernel import clock
from webapp.kernel.database import db

NOTE = "The operator put it right by hand."


def verify(book):
    with book.app.app_context():
        return run(book, "history", "verify")


@pytest.fixture
def fault(book, desk_of):
    """The sentence about somebody whose name was changed by hand; five members of the cast, hired
    without a history, are two faults each.
    """
    with book.app.app_context():
        kofi = add()
        db.session.execute(text("UPDATE customer SET first_name = 'Eve'"))
        db.session.commit()
    status, output = verify(book)
    assert status == 1
    return next(one for one in output.splitlines() if f"Customer {kofi.id} has another" in one)


def form_of(desk, fault, what):
    """The id of a form beside the fault; `None` if there is none."""
    row = next(one for one in desk.page.tree.iter("li") if fault in text_of(one))
    ids = [form.get("id", "") for form in row.iter("form")]
    return next((one for one in ids if one.startswith(what)), None)


def test_two_managers_explain_a_fault(book, desk_of, fault):
    ama, adwoa = desk_of("Ama"), desk_of("Adwoa")
    ama.open("/history/faults")
    assert fault in ama.text
    assert ama.send(form_of(ama, fault, "explain"), note=NOTE).status_code == 303
    ama.follow()
    assert "Another manager must agree" in ama.text
    assert form_of(ama, fault, "agree") is None
    adwoa.open("/history/faults")
    assert "Explained by Ama" in adwoa.text
    assert NOTE in adwoa.text
    adwoa.send(form_of(adwoa, fault, "agree"))
    adwoa.follow()
    assert "agreed by Adwoa" in adwoa.text
    with book.app.app_context():
        assert fault not in explained.unexplained()


def test_a_note_that_is_refused_comes_back(book, desk_of, fault):
    ama = desk_of("Ama")
    ama.open("/history/faults")
    for note, told in (("", "Say why this fault is there"), ("x" * 2_001, "2,000")):
        assert ama.send(form_of(ama, fault, "explain"), note=note).status_code == 422
        assert told in ama.text
        assert f'value="{note}"' in ama.page.text


def test_faults_are_told_where_managers_begin(book, desk_of, fault):
    with book.app.test_client() as stranger:
        assert stranger.get("/readyz").json["historyFaults"] == 11
    ama, adwoa, esi = desk_of("Ama"), desk_of("Adwoa"), desk_of("Esi")
    ama.open("/")
    assert "11 faults of the history need an explanation by two managers. Look at them" in ama.text
    adwoa.open("/staff")
    assert "The history has 11 faults; 11 still need an explanation. Look at them" in adwoa.text
    esi.open("/")
    assert "fault" not in esi.text


def test_no_fault_and_no_check_are_told_apart(book, desk_of):
    ama = desk_of("Ama")
    ama.open("/history/faults")
    assert "Nobody has checked the history yet." in ama.text
    with book.app.app_context():
        proved.note_faults({}, is_whole=True, against_roots=False, began_at=clock.now())
    ama.open("/history/faults")
    assert "everything is as it was written" in ama.text
    with book.app.app_context():
        db.session.execute(text("UPDATE book_fact SET value = 'forged' WHERE name = 'faults'"))
        db.session.commit()
    ama.open("/history/faults")
    assert "Nobody has checked the history yet." in ama.text


def test_a_fault_that_nobody_named_is_not_explained(book, desk_of, fault):
    ama = desk_of("Ama")
    ama.open("/history/faults")
    assert ama.send(form_of(ama, fault, "explain"), fault="no such", note=NOTE).status_code == 404

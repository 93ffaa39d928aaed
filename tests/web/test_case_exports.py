"""Blacklistings are taken along as a file, and selected on their list."""

import csv
import io

import pytest

from tests.support.cast import actor, add, bad, remove
from webapp.blacklist import opening
from webapp.kernel.database import db
from webapp.transfer.csv_format import unguarded
from webapp.transfer.taken import latest


@pytest.fixture
def cases(book, desk_of):
    """Three: open, undone, and of somebody who was deleted."""
    with book.app.app_context():
        bad(first_name="=1+1")
        other = add(first_name="Yao", email="yao@example.com", phone=None)
        case = opening.open_case(other.id, reason="abuse", by=actor("Esi")).case
        opening.undo(other.id, case_seq=case.seq, by=actor("Esi"))
        remove(bad(first_name="Gone", email="gone@example.com", phone=None).id)
        db.session.remove()


def rows_of(desk, address):
    desk.open(address)
    response = desk.send("export-cases")
    text = response.data.decode("utf-8-sig")
    response.close()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_list_is_exported_as_it_is_filtered(book, desk_of, cases):
    desk = desk_of("Ama")
    every = rows_of(desk, "/blacklist/cases")
    assert [row["reason"] for row in every] == ["Fraud", "Abuse of staff", "Fraud"]
    assert [row["state"] for row in every] == ["waiting", "undone", "lifted"]
    assert unguarded(every[0]["firstName"]) == "=1+1"
    assert (every[2]["firstName"], every[2]["email"]) == ("", "")
    assert [row["firstName"] for row in rows_of(desk, "/blacklist/cases?which=open")] == ["'=1+1"]
    with book.app.app_context():
        entry = latest(1)[0]
        assert (entry.new("what"), entry.new("number"), entry.actor_name) == ("cases", 1, "Ama")
    assert "1 blacklisting" in desk_of("Adwoa").open("/exports").text


def test_those_on_the_list_can_be_selected(desk_of, cases):
    desk = desk_of("Ama")
    desk.open("/blacklist/cases?which=open")
    boxes = [box for box in desk.form("selection").iter("input") if box.get("name") == "customers"]
    ids = [box.get("value") for box in boxes]
    assert desk.send("selection", customers=ids, deed="ask").status_code == 200
    assert desk.send("deed-form", note="They paid").status_code == 303
    desk.follow()
    assert "Ask to remove 1 customer" in desk.text

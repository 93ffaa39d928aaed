"""Entries at the command line: nobody is their own second person there."""

import pytest

from tests.support.cast import hire
from tests.support.commands import run
from webapp.blacklist import screening

BAD = ("--kind", "email", "--value", "bad@example.com", "--level", "deny", "--reason", "fraud")
ESI = ("--by", "esi@example.com")


@pytest.fixture
def staff(book):
    with book.app.app_context():
        hire()
    return book


def answer(book):
    with book.app.app_context():
        return screening.check({"email": "bad@example.com"}).answer


def test_an_entry_is_added_listed_and_undone(staff):
    assert run(staff, "entries", "add", *BAD, *ESI) == (0, "Entry 1\n")
    assert run(staff, "entries", "add", *BAD, *ESI) == (0, "Entry 1 stands already\n")
    assert run(staff, "entries", "list") == (0, "1\tdeny\tbad@example.com\twaiting\n")
    assert answer(staff) == "deny"
    assert run(staff, "entries", "undo", "1", *ESI) == (0, "")
    assert (run(staff, "entries", "list"), answer(staff)) == ((0, ""), "allow")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", *BAD, "--by", "yaw@example.com"), "may not blacklist customers"),
        (("add", *BAD, "--until", "soon", *ESI), "until: Write a day and a time"),
        (("add", "--kind", "domain", "--value", "gmail.com", *BAD[4:], *ESI), "0 customers do"),
        (("undo", "7", *ESI), "There is no such entry"),
        (("undo", "0", *ESI), "not in the range"),
        (("ask-to-remove", "7", "--note", "", *ESI), "Say why it should be removed"),
    ],
)
def test_what_is_refused_is_a_sentence(staff, words, told):
    status, output = run(staff, "entries", *words)
    assert status != 0
    assert told in output


def test_a_request_to_remove_waits_for_a_manager(staff):
    run(staff, "entries", "add", *BAD, *ESI)
    asked = ("entries", "ask-to-remove", "1", "--note", "Not him.", *ESI)
    assert run(staff, *asked) == (0, "")
    status, output = run(staff, *asked)
    assert (status, "Esi has asked for this entry" in output) == (1, True)
    assert answer(staff) == "deny"

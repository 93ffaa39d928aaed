"""Birthdays on pages: for those who edit, and for nobody else."""

import pytest

from tests.support.cast import actor, add
from tests.support.desks import everybody, save, value
from tests.support.strict import text_of
from webapp.blacklist import opening
from webapp.customers import edit

BORN, TOLD = "1985-12-31", "31 Dec 1985"


@pytest.fixture
def born(book, desk_of):
    """The id of a customer whose birthday is known."""
    desk_of(None)
    with book.app.app_context():
        kofi = add(birthday="1985-12-30")
        edit.change(kofi.id, {"birthday": BORN}, by=actor("Esi"))
        return kofi.id


@pytest.mark.parametrize(("name", "sees"), [("Yaw", False), ("Esi", True), ("Ama", True)])
def test_a_birthday_is_shown_to_those_who_edit(born, desk_of, name, sees):
    desk = desk_of(name)
    for path in (f"/customers/{born}", f"/customers/{born}?before=3"):
        desk.open(path)
        assert (TOLD in desk.text) is sees, path
        assert ("30 Dec 1985" in desk.text) is sees, "in the history"
        assert ("Birthday" in desk.text) is sees, path


def test_a_birthday_is_typed_kept_and_corrected(book, desk_of):
    esi = desk_of("Esi")
    esi.open("/customers/new")
    typed = {"first_name": "Ama", "last_name": "Osei", "email": "ama@a.example"}
    save(esi, **typed, birthday="2025-01-01")
    assert "A customer is 13 to 120 years old" in esi.text
    assert value(esi, "birthday") == "2025-01-01", "what was typed comes back"
    save(esi, birthday="31.12.1985")
    assert [one.birthday for one in everybody(book)] == [BORN]
    esi.open(f"/customers/{everybody(book)[0].id}/edit")
    assert value(esi, "birthday") == BORN
    save(esi, birthday="")
    assert [one.birthday for one in everybody(book)] == [None]


def test_two_who_change_a_birthday_are_asked(book, born, desk_of):
    esi = desk_of("Esi")
    esi.open(f"/customers/{born}/edit")
    with book.app.app_context():
        edit.change(born, {"birthday": "1980-05-06"}, by=actor("Ama"))
    save(esi, birthday="1990-07-08")
    asked = text_of(esi.form("customer-form"))
    assert "Keep mine: 8 Jul 1990" in asked
    assert "Keep theirs: 6 May 1980" in asked
    save(esi, keep_birthday="mine")
    assert [one.birthday for one in everybody(book)] == ["1990-07-08"]


def test_the_question_about_a_duplicate_shows_both_birthdays(born, desk_of):
    esi = desk_of("Esi")
    esi.open("/customers/new")
    typed = {"first_name": "Kojo", "email": "kojo@a.example", "phone": "+233201234567"}
    save(esi, **typed, birthday="1990-07-08")
    asked = text_of(esi.form("customer-form"))
    assert "Birthday 8 Jul 1990" in " ".join(asked.split())
    assert f"Birthday {TOLD} Differs" in " ".join(asked.split())


@pytest.mark.parametrize(
    ("typed", "told"),
    [(BORN, "Look closer"), ("1999-01-02", "Not in the book"), ("", "Give an id")],
)
def test_an_agent_checks_by_name_and_birthday(book, born, desk_of, typed, told):
    with book.app.app_context():
        opening.open_case(born, reason="fraud", by=actor("Esi"))
    esi = desk_of("Esi")
    esi.open("/check")
    esi.send("check-form", first_name="Kofi", last_name="Annan", birthday=typed)
    assert told in esi.text

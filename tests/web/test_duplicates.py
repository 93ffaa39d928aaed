"""Saving a probable duplicate on pages: it is asked about once, and nothing typed is lost."""

import pytest

from tests.support.cast import KOFI, add, blacklist
from tests.support.desks import everybody, save, value
from tests.support.strict import PARTIAL

OTHER = KOFI | {"first_name": "Ekow", "email": "ekow@example.com", "phone": "020 123 4567"}
OTHER |= {"country": "GH"}


def asked(desk, **typed):
    desk.open("/customers/new")
    return save(desk, **OTHER | typed)


def seen(desk):
    """What the button sends that saves anyway."""
    button = next(b for b in desk.form("customer-form").iter("button") if b.get("name") == "seen")
    return {"seen": button.get("value")}


def test_it_comes_back_once_with_those_found(book, kofi, desk_of):
    esi = desk_of("Esi")
    assert asked(esi).status_code == 409
    for told in ("1 customer in the book may be the same person", "same phone", "kofi.annan@ex"):
        assert told in esi.text
    assert esi.text.count("Differs") == 2, "name and e-mail, not the phone"
    assert (value(esi, "first_name"), value(esi, "phone")) == ("Ekow", "020 123 4567")
    assert len(everybody(book)) == 1
    save(esi, **seen(esi))
    assert "is in the book." in (esi.follow() and esi.text)
    assert [one.first_name for one in everybody(book)] == ["Kofi", "Ekow"]


def test_saying_the_same_again_asks_again(book, kofi, desk_of):
    """Only the button under those found says that they were looked at."""
    esi = desk_of("Esi")
    asked(esi)
    save(esi, seen="")
    assert esi.page.status_code == 409
    save(esi, phone="020 123 4599", seen="")
    assert esi.page.status_code == 303, "it was a slip"
    assert len(everybody(book)) == 2


def test_whoever_comes_in_between_is_asked_about_too(book, kofi, desk_of):
    esi = desk_of("Esi")
    asked(esi)
    button = seen(esi)
    with book.app.app_context():
        add(first_name="Third", email="third@example.com")
    save(esi, **button)
    assert esi.page.status_code == 409
    assert "2 customers in the book may be the same person" in esi.text
    save(esi, **seen(esi))
    assert len(everybody(book)) == 3


def test_a_blacklisted_one_is_shown_as_such(book, kofi, desk_of):
    esi = desk_of("Esi")
    with book.app.app_context():
        blacklist(kofi)
    asked(esi)
    assert "Blacklisted" in esi.text


@pytest.mark.parametrize(
    "typed",
    [
        {"phone": ""},
        {"phone": "020 123 4568"},
        {"phone": "", "first_name": "Kofi"},
    ],
)
def test_a_name_alone_is_no_question(book, kofi, desk_of, typed):
    assert asked(desk_of("Esi"), **typed).status_code == 303


def test_the_same_mailbox_is_asked_about(book, desk_of):
    esi = desk_of("Esi")
    with book.app.app_context():
        add(email="ekow.annan@gmail.com", phone=None)
    assert asked(esi, phone="", email="ekowannan+x@googlemail.com").status_code == 409


def test_the_form_comes_back_alone_to_the_script(kofi, desk_of):
    esi = desk_of("Esi")
    esi.open("/customers/new")
    esi.send("customer-form", partial=True, **OTHER)
    assert esi.page.status_code == 409
    assert esi.page.text.lstrip().startswith("<form")
    assert esi.page.request.headers.get("HX-Request") == PARTIAL["HX-Request"]


def test_a_correction_into_a_duplicate_is_asked_about(book, kofi, desk_of):
    esi = desk_of("Esi")
    with book.app.app_context():
        ekow = add(first_name="Ekow", email="ekow@example.com", phone=None).id
    esi.open(f"/customers/{ekow}/edit")
    save(esi, phone="+233 20 123 4567")
    assert esi.page.status_code == 409
    save(esi, **seen(esi))
    assert esi.page.status_code == 303
    esi.open(f"/customers/{ekow}/edit")
    save(esi, last_name="Boateng")
    assert esi.page.status_code == 303, "what was saved already is not asked about again"


@pytest.mark.parametrize("odd", ["x", "' OR 1=1", "0" * 36, "\x00"])
def test_an_odd_answer_saves_nothing(book, kofi, desk_of, odd):
    esi = desk_of("Esi")
    asked(esi)
    save(esi, seen=odd)
    assert esi.page.status_code == 409
    assert len(everybody(book)) == 1

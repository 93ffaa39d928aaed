"""Entries on pages: added after a look at whom they are about, decided by a second person."""

import pytest

from tests.support.cast import add, bad
from tests.support.strict import text_of


@pytest.fixture
def kofi(book, desk_of):
    desk_of(None)
    with book.app.app_context():
        return add().id


def added(desk, **typed):
    """The page of an entry that is added after the look at whom it is about."""
    desk.open("/entries/new")
    desk.send("entry-form", **({"reason": "fraud"} | typed))
    desk.send("entry-form")
    return desk.follow()


def test_an_entry_is_shown_before_it_counts(kofi, desk_of):
    esi = desk_of("Esi")
    esi.open("/entries/new")
    esi.send("entry-form", value="+233 20 123 4567", reason="fraud")
    radius = text_of(esi.form("entry-form"))
    assert "1 customer matches +233 20 123 4567" in radius
    assert "Kofi Annan" in radius
    esi.open(f"/customers/{kofi}")
    assert "matches entry" not in esi.text, "nothing is saved yet"
    added(esi, value="+233 20 123 4567")
    assert "The entry is in the book" in esi.text
    esi.open(f"/customers/{kofi}")
    assert "Deny: this customer matches entry 1, +233 20 123 4567 (Fraud)" in esi.text
    esi.open("/check")
    esi.send("check-form", phone="+233201234567")
    assert "an entry for the phone" in esi.text
    assert "Entry 1" in esi.text


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("bad@example.com", "E-mail"),
        ("shop.example", "Domain, with all under it"),
        ("@shop.example", "Domain, with all under it"),
        ("+233201234567", "Phone"),
        ("+23320123*", "Phones that begin so"),
    ],
)
def test_what_is_typed_says_what_it_is(kofi, desk_of, value, kind):
    esi = desk_of("Esi")
    added(esi, value=value)
    assert f"Entry 1: {kind}" in esi.text


def test_a_name_needs_its_birthday(kofi, desk_of):
    esi = desk_of("Esi")
    esi.open("/entries/new")
    esi.send("entry-form", first_name="Kofi", last_name="Mensah", reason="fraud")
    assert "too many people share a name" in esi.text
    esi.send("entry-form", birthday="1985-12-03")
    esi.send("entry-form")
    esi.follow()
    assert "Kofi Mensah, 1985-12-03" in esi.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"value": "gmail.com"}, "Anybody may have an address at gmail.com"),
        ({"value": "no", "reason": ""}, "Choose a reason"),
        ({"value": ""}, "Enter a phone number"),
        ({"value": "a@b.example", "reason": "other"}, "Say in a note why"),
        ({"value": "a@b.example", "level": "allow"}, "Say in a note why"),
        ({"value": "a@b.example", "level": "forgive"}, "Choose what happens"),
        ({"value": "a@b.example", "until": "1.1.2020 08:00"}, "yet to come"),
        ({"value": "a@b.example", "until": "soon"}, "Write a day and a time"),
        ({"value": "a@b.example", "evidence": "http://x.example"}, "https://"),
        ({"value": "a@b.example", "kind": "colour"}, "Choose what the entry is about"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(kofi, desk_of, typed, told):
    esi = desk_of("Esi")
    esi.open("/entries/new")
    esi.send("entry-form", **({"reason": "fraud"} | typed))
    assert esi.page.status_code == 422
    assert told in esi.text
    value = esi.form("entry-form").find(".//input[@name='value']").get("value")
    assert value == typed["value"]


def test_a_manager_who_did_not_add_it_keeps_or_removes_it(kofi, desk_of):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    added(esi, value="bad@example.com")
    esi.open("/entries/1")
    esi.send("ask-form", note="Wrong one.")
    assert "You asked to remove this entry" in (esi.follow() and esi.text)
    ama.open("/entries?show=waiting")
    assert "bad@example.com" in ama.text
    ama.open("/entries/1")
    assert "Wrong one." in ama.text
    ama.send("decide-form", decision="keep", note="Right one.")
    assert "The entry is kept" in (ama.follow() and ama.text)
    ama.send("decide-form", decision="remove", note="")
    assert ama.page.status_code == 422
    ama.send("decide-form", decision="mistake", note="Two people.")
    assert "Removed: it was a mistake" in (ama.follow() and ama.text)
    ama.open("/entries?show=ended")
    assert "bad@example.com" in ama.text


def test_whoever_added_it_may_undo_and_not_decide(kofi, desk_of):
    ama = desk_of("Ama")
    added(ama, value="bad@example.com")
    assert "You opened this yourself" in ama.text
    ama.send("undo-form")
    assert "The entry is undone" in (ama.follow() and ama.text)


def test_customers_who_match_are_listed(book, kofi, desk_of):
    with book.app.app_context():
        bad(email="b@shop.example", phone=None, first_name="Yaw")
        add(email="c@mail.shop.example", phone=None, first_name="Efua")
    esi = desk_of("Esi")
    added(esi, value="shop.example")
    assert "2 customers match" in esi.text
    esi.open("/entries?show=matches")
    assert "Efua Annan" in esi.text
    assert "Yaw Annan" not in esi.text, "blacklisted already"


def test_the_end_is_set_and_the_list_is_shown_as_it_was(kofi, desk_of, the_clock):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    added(esi, value="bad@example.com")
    ama.open("/entries/1")
    ama.send("end-form", until="31.12.2090 18:00")
    assert "Say why the end changes" in ama.text
    ama.send("end-form", until="31.12.2090 18:00", note="New facts.")
    assert "The end of the entry is saved" in (ama.follow() and ama.text)
    ama.send("end-form", until="31.12.1990 18:00")
    assert "yet to come" in ama.text
    ama.open("/entries?at=2000-01-01 00:00")
    assert "bad@example.com" not in ama.text


@pytest.mark.parametrize("query", ["show=x", "at=x", "at=99999-01-01", "at=9999-12-31T23:59:59Z"])
def test_an_odd_address_is_refused(kofi, desk_of, query):
    assert desk_of("Esi").open(f"/entries?{query}").status_code == 400


def test_a_viewer_reads_no_birthday_of_a_name(book, desk_of):
    desk_of(None)
    with book.app.app_context():
        kofi = add(birthday="1985-12-03").id
    added(desk_of("Esi"), first_name="Kofi", last_name="Annan", birthday="1985-12-03")
    yaw = desk_of("Yaw")
    yaw.open(f"/customers/{kofi}")
    assert "this customer matches entry 1 (Fraud)" in yaw.text
    assert "1985" not in yaw.text
    esi = desk_of("Esi")
    esi.open(f"/customers/{kofi}")
    assert "entry 1, Kofi Annan, 1985-12-03 (Fraud)" in esi.text


def test_saving_the_end_again_changes_nothing(kofi, desk_of):
    esi, ama = desk_of("Esi"), desk_of("Ama")
    added(esi, value="bad@example.com", until="31.12.2090 18:00")
    ama.open("/entries/1")
    ama.send("end-form", note="Looked at it.")
    ama.follow()
    assert "31 Dec 2090, 18:00" in ama.text


def test_a_note_that_comes_too_late_is_told_back(kofi, desk_of):
    esi, kwame, ama = (desk_of(name) for name in ("Esi", "Kwame", "Ama"))
    added(esi, value="bad@example.com")
    for desk in (esi, kwame, ama):
        desk.open("/entries/1")
    esi.send("ask-form", note="Mine.")
    kwame.send("ask-form", note="I know him.")
    assert "Your note was not kept: “I know him.”" in kwame.text
    ama.send("decide-form", decision="remove", note="Done.")
    esi.open("/entries/1")
    kwame.open("/entries?show=ended")
    assert "bad@example.com" in kwame.text


@pytest.mark.parametrize(
    ("level", "told"), [("deny", "Do not accept"), ("review", "Ask a manager"), ("allow", "accept")]
)
def test_a_check_says_that_an_entry_decides(kofi, desk_of, level, told):
    added(desk_of("Esi"), value="new@x.example", level=level, note="Why.")
    ama = desk_of("Ama")
    ama.open("/entries/1")
    ama.send("decide-form", decision="keep")
    ama.open("/check")
    ama.send("check-form", email="new@x.example")
    assert "An entry says so" in ama.text
    assert told in ama.text

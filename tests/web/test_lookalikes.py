"""Telling similar customers apart on pages: the form, the list of managers, and what is refused."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.support.cast import add, bad, tell_apart
from webapp.kernel.fields import MAX_NOTE_LENGTH


@pytest.fixture
def two(book, desk_of):
    """A blacklisted customer, and one in good standing who is like them."""
    desk_of(None)
    with book.app.app_context():
        return alike("Kofi", bad()), alike("Kojo")


def alike(name, customer=None):
    """What a test needs of a customer outside the application."""
    customer = customer or add(first_name=name, email=f"{name.lower()}@example.com")
    return SimpleNamespace(id=customer.id)


def marked(desk, kofi, kojo, note="Two passports."):
    desk.open(f"/customers/{kojo.id}/apart?other={kofi.id}")
    desk.send("mark-form", note=note)
    return desk.follow()


def ticked(*couples):
    return {"pairs": [f"{one.id} {other.id}" for one, other in couples]}


def test_a_mark_says_who_and_why_and_that_a_manager_must_agree(two, desk_of):
    kofi, kojo = two
    esi = desk_of("Esi")
    marked(esi, kofi, kojo)
    for told in ("A manager must agree", "marked by Esi", "Two passports."):
        assert told in esi.text
    assert "is similar to somebody who is" in esi.text
    assert "Mark as different people" not in esi.text, "it is marked"


@pytest.mark.parametrize("note", ["", " ", "x" * (MAX_NOTE_LENGTH + 1), "a\x00b"])
def test_a_refused_note_comes_back(two, desk_of, note):
    kofi, kojo = two
    esi = desk_of("Esi")
    esi.open(f"/customers/{kojo.id}/apart?other={kofi.id}")
    esi.send("mark-form", note=note)
    assert esi.page.status_code == 422
    typed = next(esi.form("mark-form").iter("textarea")).text or ""
    assert typed.strip("\r\n") == note.strip("\r\n").replace("\x00", "\ufffd")
    esi.send("mark-form", note="Two passports.")
    assert "A manager must agree" in (esi.follow() and esi.text)


def test_managers_agree_in_the_list(two, desk_of):
    kofi, kojo = two
    marked(desk_of("Esi"), kofi, kojo)
    adwoa, ama = desk_of("Adwoa"), desk_of("Ama")
    ama.open("/review/lookalikes")
    assert "Two passports." in ama.text
    ama.send("marks", decision="agree", **ticked((kojo, kofi)))
    assert "1 pair is different people from now on." in (ama.follow() and ama.text)
    assert "Nobody is similar to a blacklisted customer" in ama.text
    adwoa.open(f"/customers/{kojo.id}")
    assert "agreed by Ama" in adwoa.text
    assert "is similar to somebody who is" not in adwoa.text


def test_one_that_cannot_be_decided_holds_up_no_other(book, two, desk_of):
    kofi, kojo = two
    with book.app.app_context():
        kwesi = alike("Kwesi")
    ama, adwoa = desk_of("Ama"), desk_of("Adwoa")
    marked(ama, kofi, kojo)
    marked(adwoa, kofi, kwesi)
    ama.open("/review/lookalikes")
    assert "You marked these two" in ama.text
    ama.send("marks", decision="agree", **ticked((kojo, kofi), (kwesi, kofi)))
    ama.follow()
    assert "1 pair is different people from now on." in ama.text
    assert "1 pair: You marked these two" in ama.text


def test_managers_mark_several_at_once(book, two, desk_of):
    kofi, kojo = two
    with book.app.app_context():
        kwesi = alike("Kwesi")
    ama = desk_of("Ama")
    ama.open("/review/lookalikes")
    several = ticked((kojo, kofi), (kwesi, kofi))
    ama.send("matches", decision="apart", **several)
    assert ama.page.status_code == 422
    assert "Say how you know" in ama.text
    chosen = [box for box in ama.form("matches").iter("input") if box.get("checked") is not None]
    assert len(chosen) == 2, "what was ticked stays ticked"
    ama.send("matches", decision="apart", note="A family.", **several)
    assert "2 pairs are marked as different people; another manager must agree." in (
        ama.follow() and ama.text
    )


def test_a_refused_list_gives_back_what_was_typed(two, desk_of):
    ama = desk_of("Ama")
    ama.open("/review/lookalikes")
    ama.send("matches", note="Two\x00 passports.", **ticked(two[::-1]))
    assert ama.page.status_code == 422
    assert "Two\ufffd passports." in ama.text


@pytest.mark.parametrize(
    "typed",
    [
        {"pairs": []},
        {"pairs": ["x"]},
        {"pairs": ["x y"]},
        {"pairs": ["a b c"]},
        {"pairs": ["\x00 \x00"]},
        {"decision": "no"},
        {"decision": ""},
    ],
)
def test_an_odd_form_decides_nothing(two, desk_of, typed):
    ama = desk_of("Ama")
    ama.open("/review/lookalikes")
    kofi, kojo = two
    ama.send("matches", **({"note": "x"} | ticked((kojo, kofi)) | typed))
    assert ama.page.status_code == 422
    assert "To compare" in ama.text


def test_whoever_is_nobody_is_told(book, two, desk_of):
    kofi, kojo = two
    esi = desk_of("Esi")
    for other in ("", "x", uuid4()):
        assert esi.open(f"/customers/{kojo.id}/apart?other={other}").status_code == 404
    esi.open(f"/customers/{kojo.id}/apart?other={kojo.id}")
    esi.send("mark-form", note="x")
    assert esi.page.status_code == 409
    with book.app.app_context():
        tell_apart(kojo, kofi)
    esi.open(f"/customers/{kojo.id}/apart?other={kofi.id}")
    esi.send("mark-form", note="x")
    assert (esi.page.status_code, "already" in esi.text) == (409, True)

"""Checking a person by hand: known, unknown, a mistyped reference and a similar person differ."""

import pytest

from tests.support.cast import actor, add
from webapp.blacklist import opening


@pytest.fixture
def people(book, desk_of):
    """Kofi is active and Yao is blacklisted; Esi checks."""
    esi = desk_of("Esi")
    with book.app.app_context():
        kofi_id = add(reference="CUS-7K3M9Q2XVB").id
        yao = add(first_name="Yao", email="yao@gmail.com", phone="+233201230001")
        opening.open_case(yao.id, reason="fraud", by=actor("Esi"))
    return esi, kofi_id


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"email": "kofi.annan@example.com"}, "Known and active"),
        ({"reference": "cus-7k3m9q2xvb"}, "Known and active"),
        ({"reference": "7K3M9Q2XVB"}, "Known and active"),
        ({"email": "nobody@example.com"}, "Not in the book"),
        ({"reference": "CUS-7K3M9Q2XVC"}, "No such reference"),
        ({"reference": "CUS-7K3M9Q2XVC", "email": "kofi.annan@example.com"}, "No such reference"),
        ({"email": "yao@gmail.com"}, "Deny"),
        ({"email": "y.a.o@googlemail.com"}, "Look closer"),
        ({"reference": "CUS-7K3M9Q2XVC", "email": "yao@gmail.com"}, "Deny"),
    ],
)
def test_each_finding_is_told_apart(people, typed, told):
    esi, kofi_id = people
    esi.open("/check")
    esi.send("check-form", **typed)
    titles = [e for e in esi.page.tree.iter("h2") if e.get("id") == "verdict-title"]
    assert titles[0].text == told
    is_linked = any(e.get("href") == f"/customers/{kofi_id}" for e in esi.page.tree.iter("a"))
    assert is_linked is ("kofi" in typed.get("email", "") or told == "Known and active")


@pytest.mark.parametrize("typed", ["CUS-OIL0123456", "cus-oiio123456", "OiLO1234S6"])
def test_letters_that_look_like_digits_are_read_as_digits(book, desk_of, typed):
    esi = desk_of("Esi")
    with book.app.app_context():
        add(reference="CUS-0110123456")
    esi.open("/check")
    esi.send("check-form", reference=typed)
    assert ("Known and active" in esi.text) is not typed.endswith("S6")

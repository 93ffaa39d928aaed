"""Look-alikes, their signals, and the decisions remembered about them."""

import pytest
from sqlalchemy import select

from tests.support.cast import actor, add, bad, cleared
from webapp.blacklist import opening
from webapp.blacklist.case import find_open
from webapp.customers import edit, erase, finding
from webapp.customers.fields import Details
from webapp.kernel.database import db
from webapp.kernel.typing_errors import is_close
from webapp.lookalikes import matches, pairs
from webapp.lookalikes.candidates import MAX_COMPARED, Candidate
from webapp.lookalikes.models import LookalikePair
from webapp.lookalikes.pairs import MAX_FOUND
from webapp.lookalikes.signals import lookalikes_of, possible_duplicates

pytestmark = pytest.mark.usefixtures("staffed")


def signals_of(**details):
    asked = {
        "first_name": "",
        "last_name": "",
        "email": "",
        "phone": None,
        "dial_code": None,
    } | details
    return {found.customer.email: found.signals for found in possible_duplicates(Details(**asked))}


def test_the_same_phone():
    add()
    assert signals_of(phone="+233201234567") == {"kofi.annan@example.com": ("phone",)}


def test_the_same_email_but_for_case_plus_part_and_gmail_dots():
    add(email="Kofi.Annan@gmail.com", phone=None)
    assert signals_of(email="kofiannan+shop@googlemail.com") == {"Kofi.Annan@gmail.com": ("email",)}


def test_the_same_name_and_dial_code():
    add(first_name="Seán", phone=None, country="+353")
    assert signals_of(first_name="sean", last_name="ANNAN", dial_code="+353") == {
        "kofi.annan@example.com": ("name",)
    }
    assert signals_of(first_name="sean", last_name="ANNAN", dial_code="+234") == {}


def test_those_with_most_signals_come_first_and_oneself_is_none():
    kofi = add()
    add(email="twin@example.com")
    add(first_name="Other", email="phone@example.com")
    found = possible_duplicates(kofi.details, other_than=kofi.seq)
    assert [lookalike.signals for lookalike in found] == [("phone", "name"), ("phone",)]


@pytest.mark.parametrize(
    ("one", "other", "close"),
    [
        ("mensah  kofi", "mensah  kofi", True),
        ("mensah  kofi", "mensah  koffi", True),
        ("mensah  kofi", "mensah  kfoi", True),
        ("mensah  kofi", "mensha  koffi", False),
        ("mensah  kofi", "mensah  ama", False),
        ("wu  li", "xu  li", False),
        ("balogun  oluwaseun", "balogn  oluwasuen", True),
        ("balogun  oluwaseun", "balgn  oluwasuen", False),
        ("", "", False),
    ],
)
def test_names_a_slip_of_typing_apart(one, other, close):
    assert is_close(one, other) is close
    assert is_close(other, one) is close


def test_a_domain_that_many_share_says_nothing():
    for number in range(MAX_COMPARED - 1):
        add(email=f"n{number}@big.example.com", first_name=f"Other{number}x", phone=None)
    kofi = add(email="kofi@big.example.com", phone=None, country="GH")
    slip = {"first_name": "Koffi", "last_name": "Annan", "email": "x@big.example.com"}
    slip |= {"dial_code": "+44"}
    assert signals_of(**slip) == {kofi.email: ("close_name",)}
    add(email="one.more@big.example.com", first_name="Somebody", phone=None)
    assert signals_of(**slip) == {}


def found_pairs():
    return [
        (match.customer.email, match.blacklisted.email, match.signals)
        for match in matches.matches(limit=50)
    ]


def test_the_example_of_the_issue():
    john = bad(first_name="John", last_name="Doe", email="j.doe@gmail.com", phone="+2348012345678")
    outlook = bad(first_name="Jack", last_name="Poe", email="j.doe@outlook.com", phone=None)
    assert signals_of(email="jdoe+x@googlemail.com") == {john.email: ("email",)}
    assert signals_of(email="jdoe@outlook.com") == {}
    add(
        first_name="Jane",
        last_name="Roe",
        email="jdoe+x@googlemail.com",
        phone="0801 234 5678",
        country="+234",
    )
    add(first_name="Other", last_name="One", email="jdoe@outlook.com", phone=None)
    assert found_pairs() == [("jdoe+x@googlemail.com", john.email, ("phone", "email"))]
    assert outlook.blacklisted


def test_they_are_found_when_somebody_is_added_changed_or_blacklisted():
    kofi = bad(email="k.a@gmail.com", phone=None)
    added = add(first_name="Abena", email="ka+1@gmail.com", phone=None)
    changed = add(first_name="Benedict", email="b@example.com", phone=None)
    assert found_pairs() == [(added.email, kofi.email, ("email",))]
    edit.change(changed.id, {"email": "ka+2@gmail.com"}, by=actor("Esi"))
    assert {pair[0] for pair in found_pairs()} == {added.email, "ka+2@gmail.com"}
    edit.change(changed.id, {"email": "b@example.com"}, by=actor("Esi"))
    assert {pair[0] for pair in found_pairs()} == {added.email}, (
        "what looks alike no longer is forgotten"
    )
    is_found_and_forgotten_with_the_case(found_pairs())
    erase.delete_customer(added.id, by=actor("Ama"))
    assert found_pairs() == []
    assert (
        db.session.scalars(select(LookalikePair).where(LookalikePair.one_seq == added.seq)).all()
        == []
    )


def is_found_and_forgotten_with_the_case(before):
    """Also in reverse: a new blacklisting finds existing customers."""
    old = add(first_name="Comfort", email="c@example.com", phone="+233201234999")
    late = add(first_name="Dzifa", email="d@example.com", phone="+233201234999")
    assert len(found_pairs()) == 1
    opening.open_case(old.id, reason="abuse", by=actor("Esi"))
    assert (late.email, old.email, ("phone",)) in found_pairs()
    cleared(old)
    assert found_pairs() == before


def test_a_name_alone_is_shown_but_waits_for_nobody():
    kofi = bad(phone=None, country="GH")
    namesake = add(email="n@example.org", phone=None, country="GH")
    assert found_pairs() == []
    alike = pairs.duplicates_of(namesake).alike
    assert [(one.customer.seq, one.signals) for one in alike] == [(kofi.seq, ("name",))]


def test_the_look_alikes_of_an_older_book_are_found_by_command(staffed):
    kofi, other = bad(), add(first_name="Other", email="o@example.org")
    db.session.query(LookalikePair).delete()
    db.session.commit()
    result = staffed.app.test_cli_runner().invoke(args=["blacklist", "find-lookalikes"])
    assert result.exit_code == 0, result.output
    assert found_pairs() == [(other.email, kofi.email, ("phone",))]


def test_whoever_is_cleared_is_compared_with_those_who_are_not():
    """Two blacklisted look-alikes need no decision; once one of them is cleared, they do."""
    kofi, other = bad(), bad(first_name="Other", email="o@example.org")
    assert found_pairs() == []
    cleared(other)
    assert found_pairs() == [(other.email, kofi.email, ("phone",))]
    third = bad(first_name="Third", email="t@example.org")
    opening.undo(third.id, case_seq=find_open(finding.get_customer(third.id)).seq, by=actor("Esi"))
    assert {pair[0] for pair in found_pairs()} == {other.email, third.email}


def test_nobody_is_forgotten_because_there_are_many():
    kofi = bad()
    for number in range(MAX_FOUND + 5):
        add(first_name=f"Nana{'abcdefghij'[number % 10] * 3}", email=f"n{number}@example.org")
    before = db.session.query(LookalikePair).count()
    assert before == MAX_FOUND + 5
    edit.change(kofi.id, {"last_name": "Annan-Mensah"}, by=actor("Esi"))
    assert db.session.query(LookalikePair).count() == before


def test_the_nearest_is_found_among_many_with_the_same_phone():
    nearest = bad(first_name="Kofi", last_name="Mensah", email="k@example.org")
    for number in range(12):
        bad(
            first_name="Quentin",
            last_name=f"Zwettler{'abcdefghijkl'[number] * 4}",
            email=f"n{number}@example.org",
        )
    sought = Candidate(Details("Koffi", "Mensah", "x@example.net", "+233201234567", "+233"))
    best = lookalikes_of([sought], blacklisted=True)[0][0]
    assert (best.customer.seq, best.signals) == (nearest.seq, ("phone", "close_name"))

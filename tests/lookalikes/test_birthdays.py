"""Birthdays: what they say beside names, and values that several people share."""

import pytest
from sqlalchemy import select

from tests.support.cast import actor, add, bad, blacklist
from webapp.blacklist import screening
from webapp.customers import edit, erase, finding
from webapp.customers.fields import Details
from webapp.kernel.database import db
from webapp.lookalikes import derived_keys, distinct, matches, pairs
from webapp.lookalikes.close import are_far_birthdays, is_close_birthday
from webapp.lookalikes.name_words import NameWord
from webapp.lookalikes.signals import possible_duplicates

BORN = "1985-12-03"
pytestmark = pytest.mark.usefixtures("staffed")


def born(first, last, birthday, **more):
    email = more.pop("email", f"{first}.{last}.{birthday or 'x'}@a.example".lower())
    more = {"phone": None, "country": None} | more
    return add(first_name=first, last_name=last, birthday=birthday, email=email, **more)


def signals(first, last, birthday):
    alike = possible_duplicates(Details(first, last, "", birthday=birthday))
    return [one.signals for one in alike]


@pytest.mark.parametrize(
    ("one", "other", "is_close", "are_far"),
    [
        ("1985-12-03", "1985-12-03", False, False),
        ("1985-12-03", "1985-03-12", True, False),
        ("1985-12-03", "1985-12-08", True, False),
        ("1985-12-03", "1995-12-03", True, False),
        ("1985-12-03", "1985-11-08", False, False),
        ("1985-12-03", "1995-11-08", False, False),
        ("1985-12-03", "1996-11-08", False, True),
        ("1985-12-03", "1966-12-08", False, False),
        ("1985-12-03", "1966-11-03", False, False),
        ("1985-12-12", "1985-12-12", False, False),
    ],
)
def test_how_close_birthdays_are(one, other, is_close, are_far):
    for pair in ((one, other), (other, one)):
        assert (is_close_birthday(*pair), are_far_birthdays(*pair)) == (is_close, are_far)


def test_a_birthday_that_is_not_known_speaks_neither_for_nor_against():
    assert not are_far_birthdays(None, BORN)
    assert not are_far_birthdays(BORN, None)


@pytest.mark.parametrize(
    ("first", "last", "birthday", "found"),
    [
        ("Kofi", "Boateng", BORN, [("birthday",)]),
        ("Annan", "Kwame", BORN, [("birthday",)]),
        ("Kofi", "Anan", BORN, [("birthday", "like_name")]),
        ("Kofi", "Annan", "1985-03-12", [("close_birthday", "like_name")]),
        ("Kofi", "Annan", "1986-12-03", [("close_birthday", "like_name")]),
        ("Kofi", "Annan", "1986-11-08", [("like_name",)]),
        ("Kofi", "Annan", "1998-11-08", []),
        ("Ama", "Boateng", BORN, []),
    ],
)
def test_a_birthday_beside_a_name(first, last, birthday, found):
    born("Kofi", "Annan", BORN)
    assert signals(first, last, birthday) == found


def test_one_word_and_a_birthday_hold_nobody_up():
    """Of the many who are born on one day, some have a common surname."""
    wanted = blacklist(born("Kofi", "Mensah", BORN))
    born("Yaw", "Mensah", BORN)
    kofi = born("Kofi", "Mensah", BORN, email="other@b.example")
    three = born("Kofi Kwabena", "Mensah", BORN, email="three@b.example")
    alike = {(one.customer.seq, one.blacklisted.seq) for one in matches.matches(limit=9)}
    assert alike == {(kofi.seq, wanted.seq), (three.seq, wanted.seq)}


def asked(**more):
    verdict = screening.check({"first_name": "Kofi", "last_name": "Mensah"} | more)
    return verdict.answer, verdict.matched_on


def test_check_reads_a_birthday():
    blacklist(born("Kofi", "Mensah", BORN, country="GH"))
    assert asked(birthday=BORN) == ("review", ("birthday",))
    assert asked(birthday=BORN, country="GH") == ("review", ("birthday", "name"))
    assert asked(birthday="1998-11-08", country="GH") == ("allow", ())
    assert asked(country="GH") == ("review", ("name",))


def test_check_says_what_it_cannot_read():
    blacklist(born("Kofi", "Mensah", BORN, country="GH"))
    named = {"first_name": "Kofi", "last_name": "Mensah", "country": "GH"}
    verdict = screening.check(named | {"birthday": "3 May"})
    assert (verdict.answer, list(verdict.not_read)) == ("review", ["birthday"])


@pytest.mark.parametrize("present", ["1970-05-06", ""])
def test_a_former_birthday_still_holds_somebody_up(present):
    wanted = blacklist(born("Kofi", "Mensah", BORN))
    edit.change(wanted.id, {"birthday": present}, by=actor("Esi"))
    assert asked(birthday=BORN) == ("review", ("birthday",)), "by what the case knows"
    assert list(derived_keys.faults()) == []


def test_the_index_follows_the_birthday():
    kofi = born("Kofi", "Mensah", BORN)

    def indexed():
        return [key for key in db.session.scalars(select(NameWord.key)) if "|" in key]

    assert indexed() == [f"ko|{BORN}", f"me|{BORN}"]
    edit.change(kofi.id, {"birthday": "1970-05-06"}, by=actor("Esi"))
    assert indexed() == ["ko|1970-05-06", "me|1970-05-06"]
    edit.change(kofi.id, {"birthday": ""}, by=actor("Esi"))
    assert indexed() == []
    edit.change(kofi.id, {"birthday": BORN}, by=actor("Esi"))
    erase.delete_customer(kofi.id, by=actor("Ama"))
    assert indexed() == []


def shared_by(customer):
    similar = pairs.duplicates_of(finding.get_customer(customer.id))
    return similar.shared, [one.signals for one in similar.alike]


def family(*births):
    """People with one phone, each with a name and birthday of their own."""
    names = [("Kofi", "Annan"), ("Ama", "Boateng"), ("Yaw", "Darko"), ("Esi", "Quaye")]
    return [
        born(first, last, birthday, phone="+233201234567", email=f"{first}@b.example")
        for (first, last), birthday in zip(names, births, strict=False)
    ]


def test_a_phone_of_three_who_are_far_apart_in_age_says_nothing():
    three = family("1950-01-02", "1975-03-04", "2000-05-06")
    for one in three:
        assert shared_by(one) == ({"phone": 3}, [])


def test_a_phone_of_two_who_are_far_apart_in_age_still_does():
    two = family("1950-01-02", "1975-03-04", None)
    assert shared_by(two[2]) == ({}, [("phone",), ("phone",)])


def test_a_phone_of_three_who_were_marked_says_nothing_to_a_fourth():
    one, other, third, fourth = family(None, None, None, None)
    distinct.mark_distinct(one.id, other.id, by=actor("Esi"))
    assert shared_by(fourth)[0] == {}
    distinct.mark_distinct(one.id, third.id, by=actor("Esi"))
    assert shared_by(fourth) == ({"phone": 4}, [])


def test_a_shared_phone_still_says_something_beside_a_like_name():
    one, *_ = family("1950-01-02", "1975-03-04", "2000-05-06")
    born("Kofi", "Anan", None, phone="+233201234567")
    assert shared_by(one) == ({"phone": 4}, [("phone", "close_name")])


def test_a_shared_phone_of_somebody_blacklisted_holds_everybody_up():
    bad(phone="+233201234567")
    one, *_ = family("1950-01-02", "1975-03-04", "2000-05-06")
    assert screening.check({"email": one.email}).answer == "review"

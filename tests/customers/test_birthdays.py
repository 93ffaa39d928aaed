"""Birthdays as details: what is read, and how they are stored."""

from datetime import UTC, datetime

import pytest

from tests.support.cast import actor, add
from webapp.customers import edit
from webapp.customers.fields import Details, read_birthday, read_details
from webapp.customers.finding import get_customer
from webapp.history.entries import entries_of
from webapp.kernel import clock
from webapp.kernel.refusals import InvalidDetails

TODAY = datetime(2026, 11, 28, 12, tzinfo=UTC)
NO_TEXT = "."
NOT_A_DATE, NOT_AN_AGE = "Write a birthday as", "A customer is 13 to 120"


@pytest.fixture(autouse=True)
def today(the_clock):
    the_clock.moment = TODAY


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("1985-12-31", "1985-12-31"),
        ("  1985-12-31 ", "1985-12-31"),
        ("1984-02-29", "1984-02-29"),
        ("2013-11-28", "2013-11-28"),
        ("1906-11-28", "1906-11-28"),
        ("1905-11-29", "1905-11-29"),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_a_birthday_is_an_iso_date(typed, stored):
    assert read_birthday(typed) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("2013-11-29", NOT_AN_AGE),
        ("1905-11-28", NOT_AN_AGE),
        ("2099-01-01", NOT_AN_AGE),
        ("0001-01-01", NOT_AN_AGE),
        ("1985-02-29", NOT_A_DATE),
        ("1985-13-01", NOT_A_DATE),
        ("0000-01-01", NOT_A_DATE),
        ("31/12/1985", NOT_A_DATE),
        ("1985-12-31T00:00:00", NOT_A_DATE),
        ("19851231", NOT_A_DATE),
        ("1985-W01-1", NOT_A_DATE),
        ("85-12-31", NOT_A_DATE),
        ("٢٠٠٠-٠١-٠١", NOT_A_DATE),
        ("1985-12-31\x00", NO_TEXT),
        (19851231, NO_TEXT),
        (["1985-12-31"], NO_TEXT),
        (True, NO_TEXT),
    ],
)
def test_what_is_no_birthday_of_a_customer_is_refused(typed, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_birthday(typed)


def test_a_stored_birthday_that_comes_back_is_not_checked_again():
    stored = Details("Old", "Man", "old@example.com", birthday="1900-01-01")
    for raw in ({"birthday": "1900-01-01"}, {}):
        submission = read_details(raw, stored=stored)
        assert (submission.problems, submission.values["birthday"]) == ({}, "1900-01-01")
    assert read_details({"birthday": "1900-01-02"}, stored=stored).problems


@pytest.mark.usefixtures("staffed")
def test_birthdays_stand_in_the_history_and_are_merged_on_their_own():
    kofi = add(birthday="1985-12-31")
    assert entries_of(kofi.subject)[0].new("birthday") == "1985-12-31"
    edit.change(kofi.id, {"birthday": "1985-12-30"}, based_on=1, by=actor("Esi"))
    done = edit.change(kofi.id, {"first_name": "Kojo"}, based_on=1, by=actor("Ama"))
    assert (done.customer.birthday, done.customer.first_name) == ("1985-12-30", "Kojo")
    with pytest.raises(edit.ChangedMeanwhile) as clash:
        edit.change(kofi.id, {"birthday": ""}, based_on=1, by=actor("Ama"))
    assert [one.field for one in clash.value.clashes] == ["birthday"]
    edit.change(kofi.id, {"birthday": ""}, by=actor("Ama"))
    assert get_customer(kofi.id).birthday is None


@pytest.mark.usefixtures("staffed")
def test_a_problem_with_a_birthday_stands_beside_all_others():
    with pytest.raises(InvalidDetails) as refusal:
        add(birthday="31.12.1985", email="no")
    assert list(refusal.value.fields) == ["email", "birthday"]


@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("1985-12-31", "1985-12-31"),
        (" 1985-12-31T00:00:00 ", "1985-12-31"),
        ("19851231", "1985-12-31"),
        ("31/12/1985", "1985-12-31"),
        ("3.4.1985", "1985-04-03"),
        ("03-04-1985", "1985-04-03"),
        ("12/31/1985", "12/31/1985"),
        ("31/12/85", "31/12/85"),
        ("--1231", "--1231"),
        ("", ""),
        ("31 December 1985", "31 December 1985"),
    ],
)
def test_days_are_written_with_the_day_first(cell, date):
    assert clock.as_iso_day(cell) == date

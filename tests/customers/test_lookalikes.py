"""Possible duplicates, and why."""

import pytest

from tests.support.cast import add
from webapp.customers.details import Details
from webapp.customers.lookalikes import possible_duplicates

pytestmark = pytest.mark.usefixtures("inside")


def signals_of(**details):
    asked = {"first_name": "", "last_name": "", "email": "", "phone": None, "dial_code": None} | details
    return {found.customer.email: found.signals for found in possible_duplicates(Details(**asked))}


def test_the_same_phone():
    add()
    assert signals_of(phone="+233201234567") == {"kofi.annan@example.com": ("phone",)}


def test_the_same_email_but_for_case_plus_part_and_gmail_dots():
    add(email="Kofi.Annan@gmail.com", phone=None)
    assert signals_of(email="kofiannan+shop@googlemail.com") == {"Kofi.Annan@gmail.com": ("email",)}


def test_the_same_name_and_dial_code():
    add(first_name="Seán", phone=None, country="+353")
    assert signals_of(first_name="sean", last_name="ANNAN", dial_code="+353") == {"kofi.annan@example.com": ("name",)}
    assert signals_of(first_name="sean", last_name="ANNAN", dial_code="+234") == {}


def test_those_with_most_signals_come_first_and_oneself_is_none():
    kofi = add()
    add(email="twin@example.com")
    add(first_name="Other", email="phone@example.com")
    found = possible_duplicates(kofi.details, other_than=kofi.seq)
    assert [lookalike.signals for lookalike in found] == [("phone", "name"), ("phone",)]

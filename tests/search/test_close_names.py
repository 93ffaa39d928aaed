"""Whom a search that found nobody may have meant."""

import pytest

from tests.support.cast import add
from webapp.search.close_names import close_names
from webapp.search.filters import CustomerFilter

pytestmark = pytest.mark.usefixtures("staffed")


@pytest.fixture
def people():
    for number, (first, last) in enumerate(
        [("Emeka", "Okonkwo"), ("Adaeze", "Okonjo-Iweala"), ("Đặng", "Hương"), ("Kofi", "Annan")]
    ):
        add(first_name=first, last_name=last, email=f"p{number}@example.com", phone=None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Emeka Okonkow", "Emeka Okonkwo"),
        ("Emkea Okonkwo", "Emeka Okonkwo"),
        ("Okonwko", "Emeka Okonkwo"),
        ("Adaese", "Adaeze Okonjo-Iweala"),
        ("adaeze okonjo-iwaela", "Adaeze Okonjo-Iweala"),
    ],
)
def test_one_typing_error_is_understood(people, typed, meant):
    assert [row.full_name for row in close_names(CustomerFilter(text=typed))] == [meant]


@pytest.mark.parametrize(
    "typed", ["Zzyzx", "Kofu", "nobody@example.com", "0803 123 4567", "Kofi Zzyzxyz", "a"]
)
def test_nobody_is_meant_by_what_is_no_close_name(people, typed):
    assert close_names(CustomerFilter(text=typed)) == []

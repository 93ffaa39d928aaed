"""Every country's example numbers in eight spellings: saved and found correctly; a typing error is
never taken for a foreign number.
"""

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from webapp.customers.numbering.countries import countries, find_country
from webapp.customers.numbering.phones import NotAPhone, comparable_phone, read_phone
from webapp.customers.numbering.renumbering import (
    RENUMBERED,
    phone_person,
    present_forms,
    renumbered,
)
from webapp.kernel.folding import searchable, sought
from webapp.search.query import understand

KINDS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE)
HOMES = [
    "NG",
    "GH",
    "KE",
    "TZ",
    "UG",
    "RW",
    "ZA",
    "EG",
    "MA",
    "DZ",
    "TN",
    "SN",
    "CM",
    "ET",
    "CI",
    "BJ",
    "US",
    "GB",
    "FR",
    "DE",
    "IT",
    "ES",
    "PT",
    "NL",
    "RU",
    "KZ",
    "UA",
    "IN",
    "PK",
    "BD",
    "CN",
    "BR",
    "AR",
    "MX",
]


def examples():
    for code in countries():
        for kind in KINDS:
            number = phonenumbers.example_number_for_type(code, kind)
            if number and len(phonenumbers.format_number(number, PhoneNumberFormat.E164)) <= 16:
                yield code, number


def e164_of(number):
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def writings(number):
    """Eight ways in which people write a number; the national ones need the country beside them."""
    e164 = e164_of(number)
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    return {
        "E.164": e164,
        "international": international,
        "national": national,
        "national, digits alone": "".join(c for c in national if c.isdigit()),
        "with 00": "00" + e164[1:],
        "with no-break hyphens": international.replace(" ", "\u2011"),
        "pasted with direction marks": f"\u202a{international}\u202c",
        "as a link": phonenumbers.format_number(number, PhoneNumberFormat.RFC3966),
    }


def is_found(typed, e164):
    same = phone_person(e164)
    text = searchable("", "", e164[1:], same[1:])
    terms = understand(typed).terms
    return bool(terms) and all(any(sought(part) in text for part in term) for term in terms)


def test_every_example_number_is_saved_and_found_in_eight_writings(figure):
    tried, unsaved, unfound = 0, [], []
    for code, number in examples():
        for writing, typed in writings(number).items():
            tried += 1
            try:
                saved = read_phone(typed, find_country(code))[0]
            except NotAPhone as problem:
                saved = str(problem)
            if saved != e164_of(number):
                unsaved.append((code, writing, typed, saved))
            if not is_found(typed, e164_of(number)):
                unfound.append((code, writing, typed))
    figure(
        f"numbers of {len(countries())} countries: {tried - len(unsaved)} of {tried} "
        "writings saved right"
    )
    figure(
        f"numbers of {len(countries())} countries: {tried - len(unfound)} of {tried} writings found"
    )
    assert (unsaved, unfound) == ([], [])


def slips(digits):
    """Typing errors: a digit missing, added or wrong, or two digits swapped."""
    for at in range(len(digits)):
        yield digits[:at] + digits[at + 1 :]
        yield from (digits[:at] + digit + digits[at:] for digit in "0123456789")
        yield from (
            digits[:at] + digit + digits[at + 1 :] for digit in "0123456789" if digit != digits[at]
        )
        yield digits[:at] + digits[at : at + 2][::-1] + digits[at + 2 :]


def test_a_slip_is_never_a_number_of_another_country(figure):
    tried, foreign = 0, []
    for code in HOMES:
        for kind in KINDS:
            number = phonenumbers.example_number_for_type(code, kind)
            home = find_country(code)
            digits = "".join(
                c
                for c in phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
                if c.isdigit()
            )
            for typed in slips(digits):
                tried += 1
                try:
                    dial_code = read_phone(typed, home)[1]
                except NotAPhone:
                    continue
                if dial_code != home.dial_code:
                    foreign.append((code, typed, dial_code))
    figure(
        f"slips in numbers of {len(HOMES)} countries: {tried} typed, {len(foreign)} saved "
        "as another country's"
    )
    assert foreign == []


@pytest.mark.parametrize(
    ("old", "present"),
    [
        ("+22508120188", "+2250708120188"),
        ("+22922997120", "+2290122997120"),
        ("+22997120188", "+2290197120188"),
        ("+5215512340188", "+525512340188"),
        ("+551187654380", "+5511987654380"),
        ("+23775123456", "+237675123456"),
        ("+841636123456", "+84336123456"),
        ("+233201234567", None),
    ],
)
def test_a_number_of_an_old_plan_is_known_by_its_present_one(old, present):
    assert renumbered(old) == present
    assert phone_person(old) == (present or old)
    assert comparable_phone(old, None) in (old, present)


def test_no_present_number_is_made_another():
    """A number that today's plans know is left unchanged."""
    for _, number in examples():
        e164 = e164_of(number)
        assert renumbered(e164) is None
    assert all(present_forms(f"{dial_code}1") == [] for dial_code in RENUMBERED)

"""The rules for a customer's details, at their limits."""

from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from webapp.customers.fields import email_person, read_details, read_reference
from webapp.customers.numbering.countries import countries, dial_codes, find_country
from webapp.customers.numbering.phone_search import searched_digits
from webapp.customers.numbering.phones import NotAPhone, read_phone, shown_phone
from webapp.kernel import clock
from webapp.kernel.fields import email_key, read_email, read_name

ZWNJ, ZWJ, RLO, LRM = "\u200c", "\u200d", "\u202e", "\u200e"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ngozi Okonjo-Iweala", "Ngozi Okonjo-Iweala"),
        ("  Ama   Serwaa ", "Ama Serwaa"),
        ("Đặng Thị Hương", "Đặng Thị Hương"),
        ("محمد بن سلمان", "محمد بن سلمان"),
        ("李小龙", "李小龙"),
        ('O\'Brien "the <b>"', 'O\'Brien "the <b>"'),
        ("x" * 100, "x" * 100),
        ("Jose\u0301", "José"),
        (f"می{ZWNJ}خواهم", f"می{ZWNJ}خواهم"),
        (f"क्{ZWJ}ष", f"क्{ZWJ}ष"),
        ("🦆 Duck", "🦆 Duck"),
        (f"{ZWJ}a", "a"),
        (f"a {ZWNJ}b", "a b"),
        (f"Ama{LRM}", "Ama"),
        ("Zwa\u00adne", "Zwane"),
        (f"അനില്{ZWJ}", f"അനില്{ZWJ}"),
        (f"👩{ZWJ}💻 Ada", f"👩{ZWJ}💻 Ada"),
        ("\U0001e4d0\U0001e4d1", "\U0001e4d0\U0001e4d1"),
    ],
)
def test_a_name_in_any_script_is_kept(typed, stored):
    assert read_name(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        None,
        "x" * 101,
        "a\nb",
        "a\x00b",
        "a\x1bb",
        f"a{RLO}b",
        f"a{LRM}b",
        "a\u200bb",
        "ㅤ",
        "a\u2028b",
        "�",
        5,
        ["x"],
        {},
        True,
        "́",
    ],
)
def test_a_name_that_cannot_be_seen_or_trusted_is_refused(typed):
    with pytest.raises(ValueError, match=r"\w"):
        read_name(typed)


@given(st.text())
def test_a_name_that_was_read_reads_the_same_again(text):
    try:
        name = read_name(text)
    except ValueError:
        return
    assert read_name(name) == name
    assert 1 <= len(name) <= 100


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Ama@EXAMPLE.com", "Ama@example.com"),
        (" a/b%c@example.com ", "a/b%c@example.com"),
        ("jörg@bücher.example.com", "jörg@bücher.example.com"),
        ("a@xn--bcher-kva.example.com", "a@bücher.example.com"),
        ("o'brien+tag@example.com", "o'brien+tag@example.com"),
    ],
)
def test_an_email_is_kept_in_normal_form(typed, stored):
    assert read_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["", None, "nobody", "a@", "@example.com", "a@localhost", "a b@example.com", "a@b@c.com", 5],
)
def test_what_is_no_email_is_refused(typed):
    with pytest.raises(ValueError, match=r"\w"):
        read_email(typed)


def test_emails_are_the_same_without_regard_to_case_and_spelling_of_the_domain():
    assert email_key("Ama@bücher.example.com") == email_key("ama@xn--bcher-kva.example.com")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("j.doe@gmail.com", "jdoe+x@googlemail.com", True),
        ("J.Doe@gmail.com", "jdoe@gmail.com", True),
        ("jdoe+shop@outlook.com", "JDOE@outlook.com", True),
        ("j.doe@outlook.com", "jdoe@outlook.com", False),
        ("jdoe@outlook.com", "jdoe@gmail.com", False),
    ],
)
def test_emails_of_probably_one_person(one, other, same):
    assert (email_person(one) == email_person(other)) is same


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("+234 801-234-5678", None),
        ("0801 234 5678", "NG"),
        ("0801 234 5678", "+234"),
        ("0801 234 5678", "NGA"),
        ("2348012345678", "NG"),
        ("2348012345678", None),
        ("002348012345678", None),
        ("009 234 801 234 5678", "NG"),
        ("tel:+234-801-234-5678", None),
        ("٠٨٠١٢٣٤٥٦٧٨", "NG"),
        ("０８０１２３４５６７８", "234"),
        ("(0801) 234.5678", "ng"),
        ("\u202a+234 801 234 5678\u202c", None),
    ],
)
def test_any_usual_spelling_of_a_phone_is_understood(typed, country):
    found = find_country(country) if country else None
    assert read_phone(typed, found) == ("+2348012345678", "+234")


@pytest.mark.parametrize(
    ("typed", "country", "reason"),
    [
        ("0801 234", "NG", "too short for Nigeria"),
        ("0801 234 5678 99999", "NG", "too long for Nigeria"),
        ("0101 234 5678", "NG", "No number in Nigeria begins like this"),
        ("08012345678", None, "Choose the country"),
        ("1-800-FLOWERS", "US", "leave out letters"),
        ("+234 801 234 5678 ext 9", None, "extensions"),
        ("+49215111111111111", None, "too long for Germany"),
        ("+12025550123#45", None, "Leave out the extension"),
        ("+12025550123,45", None, "Leave out the extension"),
        ("+999 1234567", None, "in any country"),
        ("--", None, "no digits"),
        ("1" * 300, None, "too long"),
    ],
)
def test_a_phone_is_refused_with_a_reason_that_a_person_understands(typed, country, reason):
    with pytest.raises(NotAPhone, match=reason):
        read_phone(typed, find_country(country) if country else None)


@given(st.text(max_size=60), st.sampled_from([None, "NG", "US", "DE"]))
def test_no_text_breaks_the_reading_of_a_phone(text, country):
    try:
        e164, dial_code = read_phone(text, find_country(country) if country else None)
    except NotAPhone:
        return
    assert e164.startswith(dial_code)
    assert read_phone(e164, None) == (e164, dial_code)
    assert shown_phone(e164).international.startswith(dial_code)


@pytest.mark.parametrize("kind", PhoneNumberType.values())
def test_a_stored_number_of_any_region_is_shown_as_if_it_had_been_parsed(kind):
    for region in phonenumbers.SUPPORTED_REGIONS:
        example = phonenumbers.example_number_for_type(region, kind)
        if example:
            e164 = phonenumbers.format_number(example, PhoneNumberFormat.E164)
            assert shown_phone(e164).number == phonenumbers.parse(e164)


@pytest.mark.parametrize(
    ("searched", "digits"),
    [
        ("0801 234", ["0801234", "801234"]),
        ("+44 (0)20", ["4420"]),
        ("00234 801", ["00234801", "234801"]),
        ("678", ["678"]),
        ("001234", ["001234"]),
        ("007", ["007"]),
    ],
)
def test_what_part_of_a_phone_a_search_means(searched, digits):
    assert searched_digits(searched) == digits


@pytest.mark.parametrize(
    "typed",
    ["", ".", "..", "a b", "a/b", "x" * 65, "Ä", "check", "BLACKLIST", "fetch_customer", None],
)
def test_a_reference_that_would_mean_something_else_is_refused(typed):
    with pytest.raises(ValueError, match=r"\w"):
        read_reference(typed)


@pytest.mark.parametrize(
    "typed", ["0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55", "0198f6a23c1e7b549a3e2f6f0c1d7e55"]
)
def test_a_reference_is_not_shaped_like_an_id(typed):
    with pytest.raises(ValueError, match="meaning"):
        read_reference(typed)


def test_what_is_absent_is_required_on_create_only():
    assert set(read_details({}).problems) == {"email"}


def test_every_country_has_a_dial_code_that_leads_back():
    for country in countries().values():
        main = find_country(country.dial_code)
        assert main, country
        assert main.dial_code == country.dial_code
        assert country.dial_code in dial_codes()


@pytest.mark.parametrize(
    ("e164", "zone"),
    [
        ("+2348012345678", "Africa/Lagos"),
        ("+79161234567", None),
        ("+18002345678", None),
        ("+34612345678", None),
    ],
)
def test_local_time_is_told_only_where_it_is_sure(e164, zone):
    now = clock.now()
    local = shown_phone(e164).local_time(now)
    assert (local.utcoffset() if local else None) == (
        now.astimezone(ZoneInfo(zone)).utcoffset() if zone else None
    )


def test_a_text_that_would_take_for_ever_is_refused_at_once():
    with pytest.raises(ValueError, match="nothing here needs more"):
        read_name("a" + "\u0301\u0316" * 100_000)

"""Search: any fragment is found, taken literally, in the promised order, with exact counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.support.cast import SOMEBODY, add
from webapp.blacklist import opening
from webapp.kernel import clock
from webapp.kernel.refusals import Invalid
from webapp.search.filters import CustomerFilter, Sort, Standing
from webapp.search.results import SEARCH_CAP, countries_in_use, only_match, page_of
from webapp.transfer.samples.load import load_people
from webapp.web.search.addresses import list_arguments

PEOPLE = {
    "ngozi": ("Ngozi", "Okonjo-Iweala", "+2348012345678"),
    "huong": ("Đặng", "Thị Hương", "+84912345678"),
    "salman": ("محمد", "بن سلمان", "+966512345678"),
    "lee": ("小龙", "李", "+8613123456789"),
    "obrien": ("Seán", 'O\'Brien "the <b>"', "+353851234567"),
    "long": ("x" * 100, "y" * 100, None),
    "percent": ("100%", "a_b\\c", None),
    "duck": ("🦆", "Duck", None),
}


@pytest.fixture
def people(inside):
    return {
        key: add(
            first_name=first,
            last_name=last,
            phone=phone,
            email=f"{key}@example.com",
            reference=f"REF.{key}",
        )
        for key, (first, last, phone) in PEOPLE.items()
    }


def found(text, **more):
    page = page_of(CustomerFilter(text=text, **more))
    assert page.total == len(page.rows)
    return [row.email.split("@")[0] for row in page.rows]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("okonjo", ["ngozi"]),
        ("IWEALA", ["ngozi"]),
        ("ngo wea", ["ngozi"]),
        ("dang huong", ["huong"]),
        ("Đặng", ["huong"]),
        ("hương", ["huong"]),
        ("سلمان", ["salman"]),
        ("小龙", ["lee"]),
        ("李", ["lee"]),
        ("sean o’brien", ["obrien"]),
        ("<b>", ["obrien"]),
        ('"the', ["obrien"]),
        ("'", ["obrien"]),
        ("%", ["percent"]),
        ("_", ["percent"]),
        ("\\", ["percent"]),
        ("🦆", ["duck"]),
        ("x" * 100, ["long"]),
        ("z" * 300, []),
        ("0801 234 5678", ["ngozi"]),
        ("+234 (0)801-234-5678", ["ngozi"]),
        ("00234801", ["ngozi"]),
        ("٠٨٠١٢٣٤", ["ngozi"]),
        ("ngozi 0801 234", ["ngozi"]),
        ("0851 23", ["obrien"]),
        ("ref.lee", ["lee"]),
        ("REF.OB", ["obrien"]),
        ("ef.lee", []),
        ("nobody", []),
        ("小", ["lee"]),
        ("%", ["percent"]),
        ("b\\c", ["percent"]),
        ("d", ["duck", "huong"]),
        ("ng", ["ngozi"]),
        ("lee@example.com", ["lee"]),
    ],
)
def test_a_customer_is_found_by_whatever_scrap_one_has(people, text, who):
    assert found(text) == who


def test_the_last_digits_of_a_phone_come_before_digits_in_its_middle(people):
    assert found("45678")[:3] == ["salman", "huong", "ngozi"]
    assert found("45678")[3:] == ["lee"]


def test_exact_hits_come_first_then_word_starts_then_the_newest(inside):
    add(first_name="Ama", last_name="Kofi", email="exact@example.com", phone=None)
    add(first_name="Amalia", last_name="Kofita", email="starts@example.com", phone=None)
    add(first_name="Xama", last_name="Zkofi", email="older@example.com", phone=None)
    add(first_name="Yama", last_name="Zkofi", email="newer@example.com", phone=None)
    assert found("ama kofi") == ["exact", "starts", "newer", "older"]
    assert found("kofi ama") == ["exact", "starts", "newer", "older"]


def test_filters_combine(people):
    opening.open_case(people["lee"].id, reason="fraud", by=SOMEBODY)
    assert found("", standing=Standing.BLACKLISTED) == ["lee"]
    assert found("", standing=Standing.BLACKLISTED, dial_code="+234") == []
    assert found("", dial_code="+234") == ["ngozi"]
    assert found("example.com", dial_code="+234", standing=Standing.GOOD) == ["ngozi"]


def test_days_begin_and_end_in_the_readers_zone(inside, the_clock):
    the_clock.moment = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    add()
    tokyo = ZoneInfo("Asia/Tokyo")
    first, second = the_clock.moment.date(), the_clock.moment.date() + timedelta(days=1)
    assert page_of(CustomerFilter(created_from=first, created_to=first), UTC).total == 1
    assert page_of(CustomerFilter(created_from=first, created_to=first), tokyo).total == 0
    assert page_of(CustomerFilter(created_from=second), tokyo).total == 1


def test_any_day_of_the_calendar_can_be_asked_for(inside):
    for day in ("0001-01-01", "9999-12-31"):
        for zone in (UTC, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")):
            page_of(CustomerFilter.read({"created_from": day, "created_to": day}), zone)


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_hold_every_customer_once_in_the_order_asked_for(inside, sort):
    load_people(120, seed=7, progress=lambda _: None)
    wanted = CustomerFilter(sort=sort)
    rows = [
        row
        for number in range(1, 6)
        for row in page_of(CustomerFilter(sort=sort, page=number)).rows
    ]
    assert page_of(wanted).total == 120
    assert len({row.id for row in rows}) == len(rows) == 120
    key = {"created": lambda r: r.created_at, "changed": lambda r: r.updated_at}.get(
        sort.lstrip("-")
    )
    if key:
        assert [key(r) for r in rows] == sorted(map(key, rows), reverse=sort.startswith("-"))


def test_a_page_past_the_end_is_the_last_one(people):
    page = page_of(CustomerFilter(page=99))
    assert (page.number, page.count, page.first_row, page.last_row) == (1, 1, 1, len(PEOPLE))


def test_a_search_counts_exactly_up_to_its_cap(inside):
    load_people(SEARCH_CAP + 1, seed=3, progress=lambda _: None)
    page = page_of(CustomerFilter(text="example"))
    assert (page.total, page.capped, page.count) == (SEARCH_CAP, True, 40)
    assert page_of(CustomerFilter()).total == SEARCH_CAP + 1


def test_an_id_is_found_by_its_beginning_and_by_its_end(people):
    read_out = str(people["ngozi"].id)
    for text in (read_out[-12:], read_out[-8:].upper(), read_out[-17:], read_out, read_out[:8]):
        assert "ngozi" in found(text), text
    assert found(read_out.upper()) == found(read_out[-12:]) == found(read_out[1:]) == ["ngozi"]
    wrong = "0" if read_out[-12] != "0" else "1"
    assert found(wrong + read_out[-11:]) == []
    assert found(read_out[-7:]) == []


def test_those_of_a_country_that_shares_its_dial_code(people):
    numbers = {"ada": "+12042345678", "ben": "+12025550143", "cyd": "+77012345678",
               "dot": "+79161234567", "eve": "+441534234567", "fay": "+442079460958"}  # fmt: skip
    for key, number in numbers.items():
        add(first_name=key, last_name="Shared", phone=number, email=f"{key}@example.com")
    countries = {"CA": "ada", "KZ": "cyd", "JE": "eve"}
    for code, who in countries.items():
        asked = CustomerFilter.read({"dial_code": code, "sort": "name"})
        assert [row.email for row in page_of(asked).rows] == [f"{who}@example.com"]
        assert list_arguments(asked) == {"dial_code": code, "sort": "name"}
        assert page_of(replace(asked, text="shared")).total == 1
        assert page_of(replace(asked, standing=Standing.WAITING)).total == 0
    assert found("", dial_code="+1") == ["ben", "ada"]
    assert countries_in_use() >= {"+1", "+7", "+44", *countries}
    assert "US" not in countries_in_use()


def test_the_only_match_is_known(people):
    assert only_match(CustomerFilter(text="okonjo")) == people["ngozi"].id
    assert only_match(CustomerFilter(text="example")) is None
    assert only_match(CustomerFilter(text="nobody")) is None


def test_with_days_the_order_is_that_of_creation():
    assert CustomerFilter.read({"created_from": "2026-01-01", "sort": "name"}).sort is Sort.NEWEST
    assert CustomerFilter.read({"created_to": "2026-01-01", "sort": "created"}).sort is Sort.OLDEST


def test_days_in_the_wrong_order_are_put_right():
    wanted = CustomerFilter.read({"created_from": "2026-02-01", "created_to": "2026-01-01"})
    assert (wanted.created_from.month, wanted.created_to.month) == (1, 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", value)
        for value in ("0", "-1", "x", "1_0", " 5", "+5", "٥", "10000000000", "1e3", str(2**63))
    ]
    + [
        ("rows", "24"),
        ("rows", "٢٥"),
        ("sort", "phone"),
        ("standing", "odd"),
        ("dial_code", "+999"),
        ("dial_code", "NG"),
        ("created_from", "x"),
    ],
)
def test_a_parameter_that_means_nothing_is_refused(name, value):
    with pytest.raises(Invalid) as refusal:
        CustomerFilter.read({name: value})
    assert set(refusal.value.fields) == {name}


@pytest.mark.parametrize(
    "text",
    ["\x00", "a\x00b", "\x1b[31m", "\u202e", "%_\\'\"", "🦆" * 300, "(", "+", "0", "-", "𝟘𝟙"],
)
def test_no_text_breaks_a_search(inside, text):
    page_of(CustomerFilter.read({}, text=text))


def test_now_is_cut_to_milliseconds():
    assert clock.now().microsecond % 1000 == 0

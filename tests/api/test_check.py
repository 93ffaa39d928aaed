"""One call, one verdict: `customers/check`, for one person and in batches."""

import json

import pytest

from tests.support.cast import actor, add, session_token, tell_apart
from tests.support.wire import WireBrowser
from webapp.blacklist import opening
from webapp.blacklist.screening import MAX_AT_ONCE

JOHN = {
    "firstName": "John",
    "lastName": "Doe",
    "email": "j.doe@gmail.com",
    "phone": "+2348012345678",
}


@pytest.fixture
def john(site):
    """A customer blacklisted for fraud."""
    with site.book.app.app_context():
        customer = add(
            first_name="John",
            last_name="Doe",
            email=JOHN["email"],
            phone=JOHN["phone"],
            reference="J-1",
        )
        opening.open_case(customer.id, reason="fraud", note="Two cards.", by=actor("Esi"))
        return customer


@pytest.fixture
def asked(program):
    """`asked(email="…")` is the verdict."""
    checker = program("check")

    def ask(**person):
        answer = checker.post("customers/check", person)
        assert answer.status == 200, answer.raw
        assert list(answer.data) == [
            *("decision", "matchedOn", "reasons", "notRead", "problem", "customerId", "decidedAt"),
        ]
        return answer.data["decision"], answer.data["matchedOn"], answer.data["reasons"]

    return ask


DENIED = [
    ({"reference": "j-1"}, "reference"),
    ({"email": "J.DOE@gmail.com"}, "email"),
    ({"phone": "+234 801 234 5678"}, "phone"),
    ({"phone": "0801 234 5678", "countryCode": "+234"}, "phone"),
]


@pytest.mark.parametrize(("person", "on"), DENIED)
def test_deny_for_whoever_is_blacklisted(john, asked, person, on):
    assert asked(**person) == ("deny", [on], ["fraud"])


def test_deny_by_id_and_by_several_at_once(john, asked):
    assert asked(id=str(john.id)) == ("deny", ["id"], ["fraud"])
    assert asked(id=str(john.id), email=JOHN["email"]) == ("deny", ["id", "email"], ["fraud"])


ALIKE = [
    ({"email": "jdoe+x@googlemail.com"}, ["email"]),
    ({"firstName": "JOHN", "lastName": "Dôe", "countryCode": "NG"}, ["name"]),
    (
        {"email": "jdoe+x@gmail.com", "firstName": "John", "lastName": "Doe", "countryCode": "234"},
        ["email", "name"],
    ),
]


@pytest.mark.parametrize(("person", "on"), ALIKE)
def test_review_for_whoever_looks_like_it(john, asked, person, on):
    assert asked(**person) == ("review", on, ["fraud"])


ALLOWED = [
    {"email": "jdoe@outlook.com"},
    {"email": "nobody@example.com"},
    {"reference": "CUS-NOBODY"},
    {"reference": "not a reference"},
    {"id": "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"},
    {"phone": "+2348012345679"},
    {"firstName": "John", "lastName": "Doe", "countryCode": "GH"},
]


@pytest.mark.parametrize("person", ALLOWED)
def test_allow_for_everybody_else_also_the_unknown(john, asked, person):
    assert asked(**person) == ("allow", [], [])


def test_a_known_customer_with_a_blacklisted_ones_phone_is_looked_at(site, john, asked):
    with site.book.app.app_context():
        wife = add(
            first_name="Jane", last_name="Roe", email="jane@example.com", phone=JOHN["phone"]
        )
    assert asked(email="jane@example.com") == ("review", ["phone"], ["fraud"])
    with site.book.app.app_context():
        tell_apart(wife, john)
    assert asked(email="jane@example.com") == ("allow", [], [])
    assert asked(email="jane@example.com", phone=JOHN["phone"]) == ("allow", [], [])


WRONG = [
    ({}, ["email"]),
    ({"email": ""}, ["email"]),
    ({"firstName": "John", "lastName": "Doe"}, ["email"]),
    ({"firstName": "John", "countryCode": "NG"}, ["email"]),
    ({"email": "no address"}, ["email"]),
    ({"email": 7}, ["email"]),
    ({"id": "17"}, ["id"]),
    ({"id": ["x"]}, ["id"]),
    ({"reference": {"a": 1}}, ["reference"]),
    ({"phone": "0801 234 5678"}, ["phone"]),
    ({"phone": "12", "countryCode": "XX"}, ["countryCode", "phone"]),
    ({"firstName": "x" * 101, "lastName": "nul\0"}, ["firstName", "lastName"]),
    ({"phone": "\ud800", "email": True}, ["email", "phone"]),
]


@pytest.mark.parametrize(("person", "fields"), WRONG)
def test_400_with_all_that_is_wrong_where_nothing_can_be_compared(program, person, fields):
    answer = program("check").post("customers/check", person)
    assert (answer.status, answer.code) == (400, "invalid_details")
    assert sorted(answer.json["fields"]) == fields


def test_a_batch_in_its_order(john, program):
    people = [person for person, _ in DENIED] + [person for person, _ in ALIKE] + ALLOWED
    answer = program("check").post("customers/check/batch", {"customers": people})
    decisions = [one["decision"] for one in answer.data["decisions"]]
    assert decisions == ["deny"] * len(DENIED) + ["review"] * len(ALIKE) + ["allow"] * len(ALLOWED)
    assert [one["matchedOn"] for one in answer.data["decisions"]][: len(DENIED)] == [
        [on] for _, on in DENIED
    ]


def test_a_batch_of_five_hundred_and_no_more(john, program):
    checker = program("check")
    people = [{"email": f"p{number}@example.com"} for number in range(MAX_AT_ONCE - 1)] + [
        {"email": JOHN["email"]}
    ]
    decisions = checker.post("customers/check/batch", {"customers": people}).data["decisions"]
    assert [one["decision"] for one in decisions] == ["allow"] * (MAX_AT_ONCE - 1) + ["deny"]
    for wrong in ([], [*people, {"email": "one@more.example"}]):
        answer = checker.post("customers/check/batch", {"customers": wrong})
        assert (answer.status, list(answer.json["fields"])) == (400, ["customers"])


@pytest.mark.parametrize(
    "given", [{}, {"customers": None}, {"customers": {"email": "a@b.c"}}, {"customers": "x"}]
)
def test_400_for_a_batch_that_is_no_list(program, given):
    assert program("check").post("customers/check/batch", given).json["fields"] == {
        "customers": ["Send a list of people"]
    }


def test_a_batch_says_who_is_wrong_and_answers_the_rest(program):
    people = [
        {"email": "a@b.example"},
        {"firstName": "x" * 101, "email": "a@b.example"},
        "nobody",
        {"email": "no"},
        None,
    ]
    decisions = (
        program("check").post("customers/check/batch", {"customers": people}).data["decisions"]
    )
    assert [one["decision"] for one in decisions] == [
        "allow",
        "allow",
        "review",
        "review",
        "review",
    ]
    assert [one["notRead"] for one in decisions] == [[], ["firstName"], [], ["email"], []]


def test_nothing_personal_is_answered_or_logged(site, john, asked, program):
    asked(email=JOHN["email"], phone=JOHN["phone"], firstName="John", lastName="Doe")
    answer = program("check").post("customers/check", {"email": JOHN["email"]})
    said = json.dumps(answer.json) + json.dumps(answer.headers)
    lines = site.log.read_text()
    for personal in ("j.doe", "2348012345678", "John", "Doe", str(john.id), "J-1", "Two cards"):
        assert personal not in said
        assert personal not in lines
    assert "/customers/check" in lines


def test_the_plain_flag_is_reason_missing_in_the_queue(site, program):
    """API.md's `{"blacklist": true}` still works; the queue shows that the reason is missing."""
    shop = program("write", "blacklist")
    customer = shop.create()
    assert (
        shop.post(f"customers/blacklist/{customer['id']}", {"blacklist": True}).data["blacklist"]
        is True
    )
    adwoa = WireBrowser(site.address, session_token(site.book.app, "Adwoa"))
    for path in ("/review", "/review/list", "/review?reason=unspecified"):
        status, page = adwoa.get(path)
        assert status == 200
        assert "Reason missing" in page.split('id="queue-filters"')[1].split("</form>", 1)[1]
        assert customer["firstName"] in page
    adwoa.close()

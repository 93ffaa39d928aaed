"""Entries of the blacklist through the JSON door."""

import pytest

from tests.api.program import refusal
from tests.support.cast import add

BAD = {"kind": "email", "value": "bad@example.com", "level": "deny", "reason": "fraud"}
NAME = {"kind": "name", "firstName": "Kofi", "lastName": "Mensah", "dateOfBirth": "1985-12-31"}


def test_an_entry_is_added_once_listed_and_taken_back(asking):
    first = asking.post("blacklist-entries", BAD)
    assert (first.status, first.data["state"], first.data["until"]) == (201, "waiting", None)
    again = asking.post("blacklist-entries", BAD | {"value": "BAD+x@example.com"})
    assert (again.status, again.data["number"]) == (200, first.data["number"])
    assert asking.get("blacklist-entries").data == {"entries": [first.data], "next": None}
    assert asking.post("customers/check", {"email": "bad@example.com"}).data["decision"] == "deny"
    gone = asking.call("DELETE", f"blacklist-entries/{first.data['number']}")
    assert (gone.status, gone.data["state"]) == (200, "undone")
    assert asking.get("blacklist-entries").data["entries"] == []
    assert asking.post("customers/check", {"email": "bad@example.com"}).data["decision"] == "allow"
    refusal(asking.call("DELETE", f"blacklist-entries/{first.data['number']}"), 409, "entry_closed")


def test_the_same_call_sent_again_adds_nothing(asking):
    key = {"Idempotency_Key": "once"}
    answers = [asking.call("POST", "blacklist-entries", BAD, **key) for _ in range(2)]
    assert answers[0].data == answers[1].data


@pytest.mark.parametrize("number", ["0", "999", "9223372036854775807"])
def test_an_entry_that_is_not_there(asking, number):
    answer = asking.call("DELETE", f"blacklist-entries/{number}")
    refusal(answer, 404, "blacklist_entry_not_found")


@pytest.mark.parametrize("number", ["x", "-1", "9223372036854775808", "1.0", ""])
def test_an_address_that_is_none(asking, number):
    assert asking.call("DELETE", f"blacklist-entries/{number}").status in (404, 405)


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"kind": "colour"}, ["kind"]),
        ({"kind": None, "level": None, "reason": None}, ["kind", "level", "reason"]),
        ({"value": 5}, ["value"]),
        ({"value": ["a@b.example"]}, ["value"]),
        ({"value": None}, ["value"]),
        ({"kind": "domain", "value": "gmail.com"}, ["value"]),
        ({"until": "tomorrow"}, ["until"]),
        ({"until": 5}, ["until"]),
        ({"until": "2020-01-01T00:00:00Z"}, ["until"]),
        ({"reason": "unspecified"}, ["reason"]),
        ({"level": "allow"}, ["note"]),
        (NAME | {"dateOfBirth": None}, ["dateOfBirth"]),
        (NAME | {"firstName": {}, "dateOfBirth": "x"}, ["firstName", "dateOfBirth"]),
    ],
)
def test_what_is_wrong_is_named_as_on_the_wire(asking, more, fields):
    said = refusal(asking.post("blacklist-entries", BAD | more), 400, "invalid_details")
    assert list(said["fields"]) == fields


def test_an_entry_of_somebody_else_stays(asking, program):
    number = asking.post("blacklist-entries", BAD).data["number"]
    other = program("blacklist", name="Other")
    refusal(other.call("DELETE", f"blacklist-entries/{number}"), 409, "not_yours")


def test_only_a_key_that_writes_reads_a_birthday(asking, program):
    named = NAME | {"level": "deny", "reason": "fraud"}
    assert asking.post("blacklist-entries", named).data["value"] == "Kofi Mensah, 1985-12-31"
    other = program("blacklist", name="Other")
    assert other.get("blacklist-entries").data["entries"][0]["value"] == "Kofi Mensah"


def test_what_many_share_needs_an_admin(site, program):
    with site.book.app.app_context():
        for number in range(26):
            add(email=f"n{number}@big.example", phone=None)
    wide = BAD | {"kind": "domain", "value": "big.example"}
    refusal(program("blacklist", name="Ours").post("blacklist-entries", wide), 409, "too_wide")
    boss = program("blacklist", name="Boss", owner="Adwoa")
    assert boss.post("blacklist-entries", wide).status == 201


def test_many_entries_come_in_pieces(asking):
    for number in range(103):
        asking.post("blacklist-entries", BAD | {"value": f"x{number}@example.com"})
    first = asking.get("blacklist-entries").data
    rest = asking.get(f"blacklist-entries?before={first['next']}").data
    numbers = [one["number"] for one in first["entries"] + rest["entries"]]
    assert (len(first["entries"]), numbers, rest["next"]) == (
        100,
        sorted(numbers, reverse=True),
        None,
    )
    assert len(numbers) == 103
    refusal(asking.get("blacklist-entries?before=0"), 400, "invalid_query")

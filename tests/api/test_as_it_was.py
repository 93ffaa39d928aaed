"""What programs may read of the past, and of what people wrote about a blacklisting."""

import pytest

from tests.api.program import AMA, refusal
from webapp.kernel import clock

NOTE = "Two cards, one face."


@pytest.fixture
def ama(program):
    return program("read", "write", "blacklist").post("customers", AMA).data


def test_a_customer_as_they_were(program, ama):
    writer, one = program("read", "write", "blacklist"), f"customers/{ama['id']}"
    writer.call("PATCH", one, {"firstName": "Efua", "phone": None})
    between = clock.in_iso(clock.now())
    writer.post(f"customers/blacklist/{ama['id']}", {"blacklist": True, "reason": "fraud"})
    changed = writer.get(f"{one}?at={between}")
    assert (changed.data["firstName"], changed.data["phone"]) == ("Efua", None)
    assert (changed.data["blacklist"], changed.data["version"]) == (False, 2)
    assert "ETag" not in changed.headers
    first = writer.get(f"customers/{ama['reference']}?at={ama['updatedAt']}").data
    assert first == ama
    assert writer.get(one).data["blacklist"] is True


@pytest.mark.parametrize("at", ["", "yesterday", "2999-01-01T00:00:00Z", "2026-13-01", "5"])
def test_a_moment_that_is_none(program, ama, at):
    answer = program("read").get(f"customers/{ama['id']}?at={at}")
    assert refusal(answer, 400, "invalid_query")["fields"]["at"]


def test_before_they_were_in_the_book(program, ama):
    answer = program("read").get(f"customers/{ama['id']}?at=2001-01-01T00:00:00Z")
    refusal(answer, 404, "not_yet")


@pytest.mark.parametrize(
    ("scopes", "owner", "note"),
    [
        (("read",), "Ama", None),
        (("read", "cases"), "Ama", NOTE),
        (("read", "cases"), "Esi", NOTE),
        (("read", "cases"), "Yaw", None),
    ],
)
def test_notes_need_a_scope_and_an_owner_who_may_read_them(program, ama, scopes, owner, note):
    opened = {"blacklist": True, "reason": "fraud", "note": NOTE}
    program("blacklist").post(f"customers/blacklist/{ama['id']}", opened)
    reader = program(*scopes, owner=owner)
    [case] = reader.get(f"customers/{ama['id']}/blacklistings").data["blacklistings"]
    assert case.get("note") == note

"""API keys on pages and in commands: created, shown once, revoked."""

import re

import pytest

from tests.support.cast import actor, member
from tests.support.commands import run
from tests.support.strict import text_of
from webapp.programs import api_keys

SECRET = re.compile(r"gatebook_[A-Za-z0-9_-]{43}")


def make(desk, **typed):
    desk.open("/api-keys/new")
    return desk.send("key-form", **({"name": "Shop", "scopes": "read"} | typed))


def test_nobody_has_a_key_at_first(adwoa):
    adwoa.open("/api-keys")
    assert "No program has a key yet" in adwoa.text


def test_a_key_is_shown_once(book, adwoa):
    assert make(adwoa).status_code == 303
    adwoa.follow()
    (secret,) = SECRET.findall(adwoa.text)
    assert "Shop" in adwoa.text
    adwoa.open("/api-keys")
    assert not SECRET.search(adwoa.text)
    with book.app.app_context():
        assert api_keys.find_program(secret).name == "Shop"
    client = book.app.test_client()
    assert (
        client.get("/api/v1/customers", headers={"Authorization": f"Bearer {secret}"}).status_code
        == 200
    )
    assert (
        client.post("/api/v1/customers", headers={"Authorization": f"Bearer {secret}"}).status_code
        == 403
    )


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": ""}, "Enter a name"),
        ({"scopes": "everything"}, "Choose at least one"),
        ({"expires_on": "2001-01-01"}, "This is in the past"),
        ({"expires_on": "tomorrow"}, "This is not a day"),
        ({"expires_on": "9999-12-31"}, None),
    ],
)
def test_a_bad_form_comes_back(adwoa, typed, told):
    answer = make(adwoa, **typed)
    if told is None:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert told in adwoa.text
    form = adwoa.form("key-form")
    assert form.find(".//input[@name='name']").get("value") == typed.get("name", "Shop")
    assert form.find(".//input[@name='expires_on']").get("value", "") == typed.get("expires_on", "")


def test_a_key_is_revoked_by_its_name(book, adwoa):
    with book.app.app_context():
        key, secret = api_keys.create_key(name="Till", scopes=["read"], by=actor("Ama"))
    adwoa.open(f"/api-keys/{key.id}/revoke")
    assert "Revoke Till" in text_of(next(adwoa.page.tree.iter("h1")))
    adwoa.send("revoke-form")
    adwoa.follow()
    assert "The key Till is revoked" in adwoa.text
    assert "Revoked" in adwoa.text
    with book.app.app_context():
        assert api_keys.find_program(secret) is None
    assert adwoa.open("/api-keys/999/revoke").status_code == 404


def command(book, *words):
    return run(book, "api-keys", *words)


OWNER = ["--owner", "ama@example.com"]


def test_commands(book, desk_of):
    status, output = command(
        book,
        "create",
        "--name",
        "Till",
        "--scope",
        "read",
        "--scope",
        "write",
        "--owner",
        "ama@example.com",
    )
    assert status == 0
    secret = output.strip().splitlines()[-1]
    assert SECRET.fullmatch(secret)
    with book.app.app_context():
        key = api_keys.get_key(api_keys.find_program(secret).id)
        assert (key.scopes, key.expires_at, key.owner_id) == (
            ["read", "write"],
            None,
            actor("Ama").id,
        )
    status, output = command(book, "list")
    assert re.fullmatch(
        rf" +{key.id} {key.hint}… good +read,write +600/min +never used +Till\n", output
    )
    assert command(book, "revoke", str(key.id)) == (0, "")
    assert "revoked" in command(book, "list")[1]
    status, output = command(book, "revoke", str(key.id))
    assert (status, output) == (1, "Error: This key was revoked already\n")
    status, output = command(
        book, "create", "--name", "Old", "--scope", "read", "--expires", "2001-01-01", *OWNER
    )
    assert status == 1
    assert "in the past" in output
    for words in ([], ["create"], ["list"], ["revoke"]):
        assert "Usage:" in command(book, *words, "--help")[1]


def test_a_key_gets_another_secret_a_limit_and_an_owner(book, adwoa):
    with book.app.app_context():
        key, old = api_keys.create_key(name="Till", scopes=["read"], by=actor("Ama"))
        owner = member("Adwoa").id
    adwoa.open(f"/api-keys/{key.id}/edit")
    adwoa.send("key-form", calls_per_minute="many")
    assert "This must be a whole number from 1" in adwoa.text
    adwoa.open(f"/api-keys/{key.id}/edit")
    adwoa.send("key-form", calls_per_minute="30", owner=str(owner))
    adwoa.follow()
    assert "30 calls a minute" in adwoa.text
    adwoa.open(f"/api-keys/{key.id}/secret")
    adwoa.send("roll-form", hours="168")
    adwoa.follow()
    (new,) = set(SECRET.findall(adwoa.text))
    with book.app.app_context():
        assert api_keys.find_program(old).calls_per_minute == 30
        assert api_keys.find_program(new).owner_id == owner


@pytest.mark.parametrize("hours", ["", "x", "-1", "9999"])
def test_a_time_that_is_none_gives_no_secret(book, adwoa, hours):
    with book.app.app_context():
        key, _ = api_keys.create_key(name="Till", scopes=["read"], by=actor("Adwoa"))
    adwoa.open(f"/api-keys/{key.id}/secret")
    form = adwoa.form("roll-form")
    token = form.find(".//input[@name='csrf_token']").get("value")
    answer = adwoa.client.post(
        f"/api-keys/{key.id}/secret", data={"csrf_token": token, "hours": hours}
    )
    assert answer.status_code == 422


@pytest.mark.parametrize("next_owner", ["", "Esi"])
def test_who_leaves_leaves_programs_behind(book, adwoa, next_owner):
    with book.app.app_context():
        _, secret = api_keys.create_key(name="Till", scopes=["read"], by=actor("Kwame"))
        kwame, esi = member("Kwame").id, member("Esi").id
    adwoa.open(f"/staff/{kwame}")
    assert "These programs stop when Kwame leaves: Till" in " ".join(adwoa.text.split())
    adwoa.send("deactivate", next_owner=str(esi) if next_owner else "")
    with book.app.app_context():
        program = api_keys.find_program(secret)
        assert (program and program.owner_id) == (esi if next_owner else None)

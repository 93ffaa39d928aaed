"""Webhooks through the JSON door."""

import json

import pytest

from tests.api.program import refusal
from tests.support.receivers import receiving
from tests.support.serving import serve as serve_all

HOOK = {"url": "https://shop.example.com/gatebook", "description": "Shop"}


@pytest.fixture
def hooks(program):
    return program("webhooks", owner="Adwoa")


def serve(site):
    with site.book.app.app_context():
        serve_all()


def test_the_life_of_a_webhook(hooks):
    added = hooks.post("webhooks", HOOK | {"kinds": ["blacklist.added"]})
    secret = added.data.pop("secret") if "secret" in added.data else ""
    one = f"webhooks/{added.data['number']}"
    assert added.status == 201
    assert (added.data["on"], added.data["offWhy"]) == (True, None)
    assert hooks.get(one).data == {k: v for k, v in added.data.items() if k != "secret"}
    assert hooks.get("webhooks").data == {"webhooks": [hooks.get(one).data]}
    changed = hooks.call("PATCH", one, {"kinds": []}).data
    assert (changed["kinds"], changed["url"]) == ([], HOOK["url"])
    rolled = hooks.post(f"{one}/secret", {}).data
    assert rolled["secret"] not in ("", secret, added.data.get("secret"))
    assert rolled["oldSecretUntil"] > rolled["createdAt"]
    assert hooks.post(f"{one}/off", {}).data["offWhy"] == "by hand"
    refusal(hooks.post(f"{one}/test", {}), 409, "webhook_off")
    assert hooks.post(f"{one}/on", {}).data["on"] is True
    assert hooks.call("DELETE", one).status == 200
    refusal(hooks.get(one), 404, "webhook_not_found")


def test_the_same_call_adds_one(hooks):
    answers = [hooks.call("POST", "webhooks", HOOK, Idempotency_Key="k") for _ in range(2)]
    assert answers[0].data == answers[1].data
    assert len(hooks.get("webhooks").data["webhooks"]) == 1


def test_what_was_sent_is_seen_and_sent_again(site, hooks):
    with receiving(status=500) as receiver:
        number = hooks.post("webhooks", {"url": receiver.address}).data["number"]
        test = hooks.post(f"webhooks/{number}/test", {}).data
        assert (test["type"], test["state"]) == ("webhook.test", "waiting")
        serve(site)
        [sent] = hooks.get(f"webhooks/{number}/deliveries").data["deliveries"]
        assert (sent["state"], sent["status"]) == ("given up", 500)
        assert sent["id"] == receiver.messages[0].id
        again = hooks.post(f"webhooks/{number}/deliveries/{sent['number']}/send", {})
        assert again.data["state"] == "waiting"
        serve(site)
        assert receiver.ids == [sent["id"]] * 2


def test_all_since_a_time(site, hooks, program):
    with receiving() as receiver:
        one = hooks.post("webhooks", {"url": receiver.address}).data
        program("write").post("customers", {"email": "kofi@example.com"})
        serve(site)
        again = hooks.post(f"webhooks/{one['number']}/send-since", {"since": one["createdAt"]})
        assert again.status == 200
        serve(site)
    assert [json.loads(message.body)["type"] for message in receiver.messages] == [
        "customer.created"
    ] * 2
    assert len(set(receiver.ids)) == 1


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["url"]),
        ({"url": "http://shop.example.com/"}, ["url"]),
        ({"url": "https://169.254.169.254/"}, ["url"]),
        ({"url": ["https://shop.example.com"]}, ["url"]),
        (HOOK | {"kinds": "all"}, ["kinds"]),
        (HOOK | {"kinds": ["customer.sneezed"]}, ["kinds"]),
        (HOOK | {"kinds": [["x"]]}, ["kinds"]),
        (HOOK | {"kinds": {"a": 1}}, ["kinds"]),
        (HOOK | {"description": "x" * 201}, ["description"]),
        (HOOK | {"description": 5}, ["description"]),
    ],
)
def test_what_cannot_be(hooks, body, fields):
    answer = refusal(hooks.post("webhooks", body), 400, "invalid_details")
    assert [*answer["fields"]] == fields
    assert hooks.get("webhooks").data["webhooks"] == []


@pytest.mark.parametrize("since", [None, "", 5, "yesterday", "2001-01-01T00:00:00Z", "9999-01-01"])
def test_a_time_that_is_none(hooks, since):
    number = hooks.post("webhooks", HOOK).data["number"]
    answer = hooks.post(f"webhooks/{number}/send-since", {"since": since})
    assert refusal(answer, 400, "invalid_details")["fields"]["since"]


def test_there_may_be_fifty(hooks):
    for _ in range(50):
        assert hooks.post("webhooks", HOOK).status == 201
    refusal(hooks.post("webhooks", HOOK), 409, "too_many_webhooks")


@pytest.mark.parametrize("number", ["0", "9999", "9223372036854775807"])
def test_none_that_is_not_there(hooks, number):
    refusal(hooks.get(f"webhooks/{number}"), 404, "webhook_not_found")
    refusal(hooks.post(f"webhooks/{number}/test", {}), 404, "webhook_not_found")
    refusal(hooks.get(f"webhooks/{number}/deliveries"), 404, "webhook_not_found")


def test_only_an_admin_s_key_looks_after_them(program):
    refusal(program("webhooks", owner="Ama").get("webhooks"), 403, "scope_missing")
    refusal(program("read", "write", owner="Adwoa").get("webhooks"), 403, "scope_missing")

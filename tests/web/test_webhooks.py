"""Webhooks on pages: added, tried, changed, switched and removed by an admin."""

import re

import pytest

from tests.support.receivers import receiving
from tests.support.serving import serve as serve_all

SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{43}=")
URL = "https://shop.example.com/gatebook"


def add_hook(desk, **typed):
    desk.open("/webhooks/new")
    return desk.send("webhook-form", **({"url": URL, "description": "The shop"} | typed))


def serve(book):
    with book.app.app_context():
        serve_all()


def test_the_secret_is_shown_once(adwoa):
    adwoa.open("/webhooks")
    assert "No webhooks yet" in adwoa.text
    add_hook(adwoa)
    adwoa.follow()
    (secret,) = set(SECRET.findall(adwoa.text))
    adwoa.open("/webhooks/1")
    assert not SECRET.search(adwoa.text)
    assert "added this webhook" in adwoa.text
    adwoa.open("/webhooks/1/secret")
    adwoa.send("roll-form")
    adwoa.follow()
    assert secret not in adwoa.text
    assert SECRET.search(adwoa.text)
    assert "Old secret signs until" in adwoa.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"url": ""}, "This must look like https://shop.example.com/gatebook"),
        ({"url": "http://shop.example.com"}, "This must begin with https://"),
        ({"url": "https://10.0.0.1/"}, "This is not an address on the public internet"),
        ({"kinds": "customer.sneezed"}, "Each must be one of"),
    ],
)
def test_a_bad_form_comes_back(adwoa, typed, told):
    assert add_hook(adwoa, **typed).status_code == 422
    assert told in adwoa.text
    form = adwoa.form("webhook-form")
    assert form.find(".//input[@name='url']").get("value", "") == typed.get("url", URL)
    assert form.find(".//input[@name='description']").get("value") == "The shop"


def test_it_is_tried_and_what_came_of_it_is_seen(book, adwoa):
    with receiving(status=418) as receiver:
        add_hook(adwoa, url=receiver.address)
        adwoa.open("/webhooks/1")
        adwoa.send("test-form")
        serve(book)
        adwoa.follow()
        assert "A test is on its way" in adwoa.text
        assert "It answered 418" in adwoa.text
        assert receiver.ids[0] in adwoa.text
        adwoa.open("/webhooks/1?show=failed")
        assert "webhook.test" in adwoa.text
        adwoa.open("/webhooks/1?show=waiting")
        assert "No message is to be sent" in adwoa.text
    assert adwoa.open("/webhooks/1?show=lost").status_code == 400


def test_one_message_or_all_are_sent_again(book, adwoa):
    with receiving() as receiver:
        add_hook(adwoa, url=receiver.address)
        adwoa.open("/webhooks/1")
        adwoa.send("test-form")
        serve(book)
        adwoa.open("/webhooks/1")
        adwoa.send("again-1")
        serve(book)
        assert receiver.ids == [receiver.ids[0]] * 2
    adwoa.open("/webhooks/1")
    adwoa.send("since-form", since="yesterday")
    assert "Write a day and a time" in adwoa.text
    adwoa.open("/webhooks/1")
    adwoa.send("since-form", since="2001-01-01 08:00")
    assert "This must be between when it was added and now" in adwoa.text


def test_it_is_changed_switched_and_removed(adwoa):
    add_hook(adwoa)
    adwoa.open("/webhooks/1/edit")
    adwoa.send("webhook-form", url="http://x", description="")
    assert "This must begin with https://" in adwoa.text
    adwoa.open("/webhooks/1/edit")
    adwoa.send("webhook-form", description="The till", kinds="blacklist.added")
    adwoa.follow()
    assert "The till" in adwoa.text
    assert "A customer was blacklisted" in adwoa.text
    for form, word in (("off-form", "An admin switched it off"), ("on-form", "The webhook is on")):
        adwoa.send(form)
        adwoa.follow()
        assert word in adwoa.text
    adwoa.open("/webhooks/1/remove")
    adwoa.send("remove-form")
    adwoa.follow()
    assert "No webhooks yet" in adwoa.text
    assert adwoa.open("/webhooks/1").status_code == 404

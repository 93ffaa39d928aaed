"""What happens is sent: each change once, in order for each customer."""

import json
from datetime import timedelta

import pytest
import standardwebhooks
from sqlalchemy import func, select

from tests.support.cast import SOMEBODY, actor
from tests.webhooks.doing import change, somebody
from webapp.blacklist import opening
from webapp.customers import edit, erase
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import InvalidDetails
from webapp.programs.change_feed import end_of_feed
from webapp.programs.webhooks import deliveries, endpoints, handing_out
from webapp.programs.webhooks.deliveries import NoSuchDelivery
from webapp.programs.webhooks.endpoints import IsOff, NoSuchEndpoint
from webapp.programs.webhooks.models import WebhookDelivery


def test_a_message_is_thin_signed_and_of_its_customer(hook):
    one = hook()
    kofi = somebody(first_name="Kofi", email="kofi@example.com")
    edit.change(kofi, {"first_name": "Kwesi", "phone": None}, by=SOMEBODY)
    one.serve()
    created, changed = one.receiver.messages
    body = standardwebhooks.Webhook(one.secret).verify(changed.body, changed.headers)
    assert body["type"] == "customer.changed"
    assert body["data"] == {
        "customerId": str(kofi),
        "version": 2,
        "fields": ["countryCode", "firstName", "phone"],
        "door": "command",
    }
    assert changed.headers["content-type"] == "application/json"
    assert b"Kwesi" not in changed.body + created.body
    assert b"example.com" not in changed.body + created.body


def test_everything_is_sent_once_in_order(hook):
    early = somebody()
    one = hook()
    people = [somebody(email=f"p{number}@example.com", phone=None) for number in range(30)]
    for _ in range(3):
        for person in people:
            change(person)
    one.serve()
    one.serve()
    assert len(one.receiver.messages) == len(set(one.receiver.ids)) == 120
    for person in people:
        about = [json.loads(message.body)["data"] for message in one.receiver.messages]
        versions = [each["version"] for each in about if each["customerId"] == str(person)]
        assert versions == [1, 2, 3, 4]
    assert str(early) not in str(one.receiver.messages)


def test_only_the_kinds_that_it_is_told(hook):
    blacklist, everything = hook(kinds=("blacklist.added", "blacklist.removed")), hook()
    kofi = somebody()
    change(kofi)
    case_seq = opening.open_case(kofi, reason="fraud", by=actor("Esi")).case.seq
    opening.undo(kofi, case_seq=case_seq, by=actor("Esi"))
    for one in (blacklist, everything):
        one.serve()
    assert blacklist.told == [("blacklist.added", 3), ("blacklist.removed", 4)]
    assert [kind for kind, _ in everything.told] == [
        "customer.created",
        "customer.changed",
        "blacklist.added",
        "blacklist.removed",
    ]


def test_what_was_rolled_back_never_leaves(hook):
    one = hook()
    with pytest.raises(ZeroDivisionError), writing():
        somebody()
        raise ZeroDivisionError
    ama = somebody(email="ama@example.com")
    one.serve()
    assert [json.loads(each.body)["data"]["customerId"] for each in one.receiver.messages] == [
        str(ama)
    ]


def test_a_test_is_sent_once(hook):
    one = hook(status=500)
    deliveries.send_test(one.id)
    one.serve()
    assert one.told == [("webhook.test", 0)]
    assert (one.sent[0].state, one.sent[0].attempts) == ("given up", 1)


def test_one_message_is_sent_again_with_its_id(hook):
    one, other = hook(), hook()
    somebody()
    one.serve()
    deliveries.send_again(one.id, one.sent[0].seq)
    one.serve()
    assert one.receiver.ids == [one.sent[0].message_id] * 2
    with pytest.raises(NoSuchDelivery):
        deliveries.send_again(other.id, one.sent[0].seq)


def test_all_since_a_time_is_sent_again_in_order(hook, the_clock, standing_clock):
    one = hook()
    kofi = somebody()
    one.serve()
    the_clock.forward(hours=1)
    since = the_clock.now()
    change(kofi, times=3)
    one.serve()
    change(kofi)
    before = len(one.receiver.messages)
    deliveries.send_all_since(one.id, since, by=actor("Adwoa"))
    one.serve()
    assert one.told[before:] == [("customer.changed", version) for version in (2, 3, 4, 5)]
    assert one.receiver.ids[before : before + 3] == one.receiver.ids[1:4]
    assert {row.state for row in one.sent} == {"delivered"}


@pytest.mark.parametrize("hours", [-1, 1])
def test_not_before_it_was_added_and_not_in_the_future(hook, the_clock, standing_clock, hours):
    one = hook()
    with pytest.raises(InvalidDetails):
        since = the_clock.now() + timedelta(hours=hours)
        deliveries.send_all_since(one.id, since, by=actor("Adwoa"))


def test_nothing_is_sent_to_what_is_off_or_removed(hook):
    off, removed = hook(), hook()
    endpoints.switch_off(off.id, by=actor("Adwoa"))
    somebody()
    removed_row = endpoints.remove_endpoint(removed.id, by=actor("Adwoa"))
    for one in (off, removed):
        one.serve()
        assert not one.receiver.messages
    for deed in (deliveries.send_test, lambda one: deliveries.send_again(one, 1)):
        with pytest.raises(IsOff):
            deed(off.id)
        with pytest.raises(NoSuchEndpoint):
            deed(removed.id)
    assert (removed_row.secret, removed_row.old_secret) == ("", None)
    endpoints.switch_on(off.id, by=actor("Adwoa"))
    off.serve()
    assert off.told == [("customer.created", 1)], "what happened meanwhile"


def test_both_secrets_sign_for_a_day(hook, the_clock, standing_clock):
    one = hook()
    new = endpoints.roll_secret(one.id, by=actor("Adwoa"))[1]
    for hours, good in ((0, [new, one.secret]), (24, [new])):
        the_clock.forward(hours=hours)
        assert endpoints.good_secrets(one.row, the_clock.now()) == good


def test_a_deletion_erases_what_was_answered(hook):
    def answering(receiver, handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"Thanks, Kofi Annan!")

    one, kofi = hook(answering=answering), somebody()
    one.serve()
    assert one.sent[0].answer == "Thanks, Kofi Annan!"
    erase.delete_customer(kofi, by=SOMEBODY)
    assert one.sent[0].answer == ""
    one.serve()
    assert one.told[-1][0] == "customer.deleted"


def test_what_was_done_with_a_month_ago_is_forgotten(hook, the_clock, standing_clock):
    one, failing = hook(), hook(status=500)
    somebody()
    for each in (one, failing):
        each.serve()
    the_clock.forward(days=31)
    while deliveries.forget_old():
        pass
    assert (len(one.sent), len(failing.sent)) == (0, 1)


def test_a_book_that_was_restored_goes_on_from_its_end(hook):
    one = hook()
    with writing():
        one.row.read_to = 10_000
    somebody()
    one.serve()
    ama = somebody(email="ama@example.com", phone=None)
    one.serve()
    assert [str(ama) in message.body.decode() for message in one.receiver.messages] == [True]


def test_many_that_wait_stay_in_the_feed(hook, monkeypatch):
    monkeypatch.setattr(handing_out, "MOST_WAITING", 5)
    monkeypatch.setattr(handing_out, "AT_ONCE", 5)
    one = hook(status=500)
    for number in range(20):
        somebody(email=f"p{number}@example.com", phone=None)
    one.serve()
    one.serve()
    assert len(one.sent) == 5
    assert deliveries.number_behind(one.row, end_of_feed()) == 15
    assert db.session.scalar(select(func.count(WebhookDelivery.seq))) == 5

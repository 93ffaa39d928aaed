"""What happens to an endpoint while somebody is at it, and what must not be taken for a failure."""

import re

import pytest
from sqlalchemy import event, text, update

from tests.support.cast import actor
from tests.support.histories import is_sound
from tests.support.serving import LEASE, serve
from tests.webhooks.doing import change, somebody
from webapp.customers import edit, erase
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs.webhooks import deliveries, delivering, endpoints, handing_out
from webapp.programs.webhooks.due import endpoints_due
from webapp.programs.webhooks.models import WebhookEndpoint


@pytest.fixture
def few_may_wait(monkeypatch):
    monkeypatch.setattr(handing_out, "MOST_WAITING", 5)
    monkeypatch.setattr(handing_out, "AT_ONCE", 5)


def test_a_full_queue_is_sent_again_from_the_beginning(hook, few_may_wait, the_clock):
    the_clock.moment = clock.now()
    one = hook(status=500)
    since = the_clock.now()
    people = [somebody(email=f"p{number}@example.com", phone=None) for number in range(12)]
    one.serve()
    assert len(one.sent) == 5
    deliveries.send_all_since(one.id, since, by=actor("Adwoa"))
    one.receiver.status = 204
    for _ in range(20):
        the_clock.forward(minutes=2)
        one.serve()
    assert len({row.customer_seq for row in one.sent if row.delivered_at}) == len(people)


def by_customer(good):
    """Answers 204 about these customers, and 503 about all others."""

    def answering(receiver, handler):
        is_good = any(str(one).encode() in receiver.messages[-1].body for one in good)
        handler.send_response(204 if is_good else 503)
        handler.end_headers()

    return answering


def test_many_that_are_refused_do_not_hold_up_what_would_be_taken(hook, the_clock, standing_clock):
    good = []
    one = hook(answering=by_customer(good))
    for number in range(40):
        somebody(email=f"bad{number}@example.com", phone=None)
    for _ in range(5):
        one.serve()
        the_clock.forward(minutes=2)
    assert one.row.failures > delivering.TRIED_FULLY
    good.append(somebody(email="good@example.com", phone=None))
    for _ in range(3):
        one.serve()
        the_clock.forward(minutes=2)
    assert any(row.state == "delivered" for row in one.sent)


def test_order_is_kept_where_most_fail(hook, the_clock, standing_clock):
    one = hook(status=503)
    for number in range(8):
        somebody(email=f"bad{number}@example.com", phone=None)
    kofi = somebody()
    for _ in range(20):
        one.serve()
        the_clock.forward(minutes=2)
        change(kofi)
    about = [message for message in one.receiver.messages if str(kofi).encode() in message.body]
    assert {message.id for message in about} == {about[0].id}, "none before the one before it"


def test_quiet_days_are_no_failure(hook, the_clock, standing_clock):
    one = hook(status=503)
    deliveries.send_test(one.id)
    one.serve()
    the_clock.forward(days=6)
    somebody()
    one.serve()
    assert one.row.is_on
    the_clock.forward(days=6)  # the worker stood still
    one.serve()
    assert (one.row.is_on, len(one.receiver.messages)) == (True, 3)


@pytest.mark.parametrize(
    "meanwhile",
    [
        lambda one: endpoints.switch_off(one.id, by=actor("Adwoa")),
        lambda one: endpoints.remove_endpoint(one.id, by=actor("Adwoa")),
        lambda one: endpoints.change_endpoint(
            one.id, {"url": "http://127.0.0.1:9/"}, by=actor("Adwoa"), loopback=True
        ),
        lambda one: take_over(),
    ],
    ids=["off", "removed", "elsewhere", "another worker"],
)
def test_what_comes_late_switches_nothing_off(hook, staffed, meanwhile):
    """The answer is 410, but the endpoint is not what it was when it was asked."""

    def answering(receiver, handler):
        with staffed.app.app_context():
            meanwhile(one)
        handler.send_response(410)
        handler.end_headers()

    one = hook(answering=answering)
    somebody()
    one.serve()
    assert one.row.off_why in (None, "by hand")
    assert is_sound()


def take_over():
    with writing():
        db.session.execute(update(WebhookEndpoint).values(lease="another"))


def test_a_message_that_was_sent_again_meanwhile_is_sent_again(hook, staffed):
    def answering(receiver, handler):
        if len(receiver.messages) == 2:
            with staffed.app.app_context(), writing():
                db.session.execute(text("UPDATE webhook_delivery SET attempts = 7"))
        handler.send_response(204)
        handler.end_headers()

    one = hook(answering=answering)
    somebody()
    one.serve()
    deliveries.send_again(one.id, one.sent[0].seq)
    one.serve()
    assert one.sent[0].state == "waiting"


def test_without_a_secret_nothing_leaves(hook):
    one = hook()
    with writing():
        one.row.secret = "nothing that opens"
    somebody()
    one.serve()
    assert not one.receiver.messages
    assert "Its secret cannot be read" in one.sent[0].problem


def test_nothing_is_handed_out_to_what_was_removed(hook):
    one = hook()
    somebody()
    endpoints.remove_endpoint(one.id, by=actor("Adwoa"))
    serve()
    assert (one.sent, one.receiver.messages) == ([], [])


def test_what_was_sent_to_it_goes_with_it(hook):
    one = hook()
    somebody()
    one.serve()
    endpoints.remove_endpoint(one.id, by=actor("Adwoa"))
    while deliveries.forget_old():
        pass
    assert one.sent == []


def test_what_is_sent_again_by_hand_holds_up_nothing(hook):
    one, kofi = hook(), somebody()
    one.serve()
    one.receiver.status = 400
    deliveries.send_again(one.id, one.sent[0].seq)
    one.serve()
    one.receiver.status = 204
    change(kofi)
    one.serve()
    assert [row.state for row in one.sent] == ["waiting", "delivered"]


def test_no_answer_is_kept_about_somebody_who_is_deleted(hook):
    def answering(receiver, handler):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"Goodbye, Kofi Annan!")

    one, kofi = hook(answering=answering), somebody()
    edit.change(kofi, {"last_name": "Badu"}, by=actor("Esi"))
    erase.delete_customer(kofi, by=actor("Ama"))
    one.serve()
    assert [row.answer for row in one.sent] == ["", "", ""]


def test_a_new_address_is_tried_at_once(hook, standing_clock):
    broken, whole = hook(status=503), hook()
    somebody()
    broken.serve()
    raw = {"url": whole.receiver.address}
    endpoints.change_endpoint(broken.id, raw, by=actor("Adwoa"), loopback=True)
    broken.serve()
    assert broken.sent[0].state == "delivered"
    assert broken.row.failing_since is None


def test_a_test_comes_first_and_one_is_enough(hook, the_clock, standing_clock):
    one = hook(status=503)
    for number in range(30):
        somebody(email=f"p{number}@example.com", phone=None)
    one.serve()
    tests = {deliveries.send_test(one.id).seq for _ in range(3)}
    assert len(tests) == 1
    the_clock.forward(minutes=3)
    one.serve()
    assert one.told[-1][0] == "webhook.test"


def test_an_endpoint_is_free_when_its_worker_stops_or_is_gone(hook, the_clock, standing_clock):
    one = hook()
    somebody()
    one.serve()
    assert one.row.lease == LEASE
    somebody(email="ama@example.com", phone=None)
    handing_out.hand_out()
    assert endpoints_due("another", the_clock.now()) == []
    the_clock.forward(seconds=61)
    assert endpoints_due("another", the_clock.now()) == [one.id]
    delivering.give_back(LEASE)
    assert one.row.lease is None


INDEXES = {f"ix_webhook_delivery_{name}" for name in ("due", "waits", "given_up", "old")}


@pytest.mark.only_on("sqlite")
def test_statements_read_only_what_waits(hook):
    """What was delivered stays for a month: no statement of every half second may look at it."""
    one, seen = hook(), []
    event.listen(db.engine, "before_cursor_execute", lambda *call: seen.append((call[2], call[3])))
    somebody()
    one.serve()
    deliveries.deliveries(one.id, deliveries.Which.GIVEN_UP, limit=5)
    deliveries.forget_old()
    asked = [(statement, values) for statement, values in seen if "webhook_delivery" in statement]
    scanned = set()
    for statement, values in asked:
        if statement.startswith("SELECT"):
            plan = db.session.connection().exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", values
            )
            scanned |= {row[3] for row in plan if "webhook_delivery" in row[3]}
    used = {re.sub(r".*INDEX (\S+).*", r"\1", step) for step in scanned}
    assert not [step for step in scanned if step.startswith("SCAN")]
    assert used >= INDEXES


@pytest.mark.parametrize(
    ("meanwhile", "number"),
    [
        (lambda one: one.serve(), 1),
        (lambda one: endpoints.remove_endpoint(one.id, by=actor("Adwoa")), 0),
    ],
    ids=["handed out", "removed"],
)
def test_what_was_read_is_handed_out_only_if_nothing_came_between(
    hook, monkeypatch, meanwhile, number
):
    read, asked = handing_out._stretch, []

    def slowly(start):
        stretch = read(start)
        asked.append(start)
        if len(asked) == 1:
            meanwhile(one)
        return stretch

    one = hook()
    somebody()
    monkeypatch.setattr(handing_out, "_stretch", slowly)
    one.serve()
    assert (len(one.receiver.messages), len(one.sent)) == (number, number)

"""What is not taken is sent again: by a schedule, without holding up others, for five days."""

import json
from datetime import timedelta
from threading import Event

from tests.support.cast import actor
from tests.support.histories import is_sound
from tests.support.waiting import wait_until
from tests.webhooks import hostile
from tests.webhooks.doing import change, somebody
from webapp.cli.worker.courier import Courier
from webapp.kernel.database import db
from webapp.programs.webhooks import deliveries, delivering, endpoints, posting
from webapp.programs.webhooks.deliveries import Which
from webapp.programs.webhooks.delivering import PAUSES

FIVE_DAYS = timedelta(days=5)


def test_a_refusal_holds_up_its_own_customer_alone(hook, standing_clock, the_clock):
    one, poison = hook(), somebody(email="poison@example.com", phone=None)
    change(poison)
    fine = somebody(email="fine@example.com", phone=None)

    def answering(receiver, handler):
        about = json.loads(receiver.messages[-1].body)["data"]["customerId"]
        handler.send_response(400 if about == str(poison) and receiver.status == 500 else 200)
        handler.end_headers()

    one.receiver.answering, one.receiver.status = answering, 500
    one.serve()
    change(fine)
    one.serve()
    first, second, *rest = one.sent
    assert (first.state, first.attempts, first.status) == ("waiting", 1, 400)
    assert (second.state, second.attempts) == ("waiting", 0)
    assert {row.state for row in rest} == {"delivered"}
    assert one.row.failing_since is None
    one.receiver.status = 200
    the_clock.forward(seconds=6)
    one.serve()
    assert {row.state for row in one.sent} == {"delivered"}
    assert one.told[-2:] == [("customer.created", 1), ("customer.changed", 2)]


def test_attempts_are_made_by_the_schedule_then_given_up(hook, the_clock, standing_clock):
    """Something that is refused each time, while other things are taken."""
    one, poison = hook(), somebody(email="poison@example.com", phone=None)

    def answering(receiver, handler):
        is_poison = str(poison).encode() in receiver.messages[-1].body
        handler.send_response(500 if is_poison else 200)
        handler.end_headers()

    one.receiver.answering = answering
    pauses = []
    for turn in range(len(PAUSES) + 1):
        somebody(email=f"fine{turn}@example.com", phone=None)
        one.serve()
        assert one.sent[0].attempts == turn + 1
        if one.sent[0].next_at:
            pauses.append(one.sent[0].next_at - the_clock.now())
            the_clock.moment = one.sent[0].next_at
    assert one.sent[0].state == "given up"
    assert one.row.is_on
    for pause, standard in zip(pauses, PAUSES, strict=True):
        assert standard * 0.9 <= pause <= standard * 1.1
    assert FIVE_DAYS < sum(PAUSES, timedelta()) < FIVE_DAYS * 1.1
    assert [row.seq for row in deliveries.deliveries(one.id, Which.GIVEN_UP, limit=9)] == [
        one.sent[0].seq
    ]
    change(poison)
    one.serve()
    assert one.told[-1] == ("customer.changed", 2), "what comes after it is sent"


def test_five_days_of_failure_switch_it_off(hook, the_clock, standing_clock):
    one = hook(status=503)
    kofi = somebody()
    while one.row.is_on:
        one.serve()
        assert the_clock.now() < one.row.created_at + FIVE_DAYS * 1.3
        the_clock.forward(hours=1)
    assert one.row.off_why == "failing"
    assert the_clock.now() - one.row.created_at > FIVE_DAYS
    assert endpoints.count_off() == 1
    change(kofi)
    one.serve()
    before, one.receiver.status = len(one.receiver.messages), 200
    endpoints.switch_on(one.id, by=actor("Adwoa"))
    one.serve()
    assert one.told[before:] == [("customer.created", 1), ("customer.changed", 2)]
    db.session.rollback()
    assert is_sound()


def test_gone_switches_it_off_at_once(hook):
    one = hook(status=410)
    somebody()
    one.serve()
    assert (one.row.is_on, one.row.off_why) == (False, "gone")
    assert len(one.receiver.messages) == 1


def test_what_waits_goes_at_once_when_it_works_again(hook, the_clock, standing_clock):
    one = hook(status=500)
    for number in range(20):
        somebody(email=f"p{number}@example.com", phone=None)
    for _ in range(3):
        one.serve()
        the_clock.forward(minutes=2)
    assert one.row.failures >= delivering.TRIED_FULLY
    one.receiver.status = 200
    the_clock.forward(minutes=31)
    one.serve()
    assert {row.state for row in one.sent} == {"delivered"}


def test_a_failing_endpoint_is_tried_ever_less_often(hook, the_clock, standing_clock):
    one = hook(status=500)
    for number in range(50):
        somebody(email=f"p{number}@example.com", phone=None)
    one.serve()
    tried = len(one.receiver.messages)
    assert tried == 50
    for _ in range(600):
        the_clock.forward(seconds=1)
        one.serve()
    assert len(one.receiver.messages) - tried < 30


def test_nobody_holds_up_another(hook, staffed, monkeypatch):
    """Others have everything while one keeps us waiting, and each of the rest wastes our time in
    its own way: the worker gives each endpoint a thread of its own.
    """
    monkeypatch.setattr(posting, "SECONDS", 3.0)
    done = Event()
    slow = hook(answering=lambda *_: done.wait(60))
    for answering in hostile.ALL:
        hook(answering=answering)
    others = [hook() for _ in range(3)]
    for number in range(10):
        somebody(email=f"p{number}@example.com", phone=None)
    db.session.rollback()
    courier = Courier(staffed.app, done.is_set)
    courier.look()
    wait_until(lambda: all(len(one.receiver.messages) == 10 for one in others), seconds=60)
    assert {row.state for row in slow.sent} == {"waiting"}
    done.set()
    courier.end()

"""Delivers what is due to one endpoint, and stores what came of it.

Everything is sent at least once. For each customer the messages go in order: none before the one
before it was taken, or given up.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs.change_feed import end_of_feed
from webapp.programs.webhooks import signing
from webapp.programs.webhooks.endpoints import good_secrets, switch_off
from webapp.programs.webhooks.handing_out import hand_out
from webapp.programs.webhooks.models import TEST, Off, WebhookDelivery, WebhookEndpoint
from webapp.programs.webhooks.posting import Answer, post

BY_ITSELF = Actor(kind="system", id=None, name="Gatebook", door="command")
# After each attempt that failed, as Standard Webhooks recommends, for five days; each with jitter.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400, 86_400)
)
GIVES_UP_AFTER = timedelta(days=5)
GONE = 410
LEASE = timedelta(minutes=2)
# How many are sent in one turn: at once, and for how long new ones are begun.
AT_ONCE, LINES, TURN_SECONDS = 100, 4, 5.0
# After so many failures in a row it is tried with one message at a time, ever less often.
TRIED_FULLY, LONGEST_PAUSE = 5, timedelta(minutes=1)
Outcomes = list[tuple[WebhookDelivery, Answer]]


def endpoints_with_work() -> Sequence[int]:
    """The endpoints for which there is something to do, and nobody is at it."""
    row, now = WebhookEndpoint, clock.now()
    is_on = row.off_since.is_(None) & row.removed_at.is_(None)
    if db.session.scalar(select(row.id).where(is_on).limit(1)) is None:
        return ()
    end = end_of_feed()
    is_due = exists(select(WebhookDelivery.seq).where(_is_due(row.id, now)))
    work = select(row.id).where(
        is_on,
        or_(row.paused_until.is_(None), row.paused_until <= now),
        or_(row.leased_until.is_(None), row.leased_until <= now),
        or_(row.read_to != end, is_due),
    )
    known = list(db.session.scalars(work))
    db.session.rollback()
    return known


def _is_due(endpoint_id: int | InstrumentedAttribute[int], now: datetime) -> ColumnElement[bool]:
    """Not while the feed is read anew to before it, and not before an earlier one of its customer
    that has to wait.
    """
    one, earlier = WebhookDelivery, aliased(WebhookDelivery)
    waits_for_another = exists(
        select(earlier.seq).where(
            earlier.endpoint_id == one.endpoint_id,
            earlier.customer_seq == one.customer_seq,
            earlier.event < one.event,
            earlier.next_at > now,
        )
    )
    read_to = select(WebhookEndpoint.read_to).where(WebhookEndpoint.id == one.endpoint_id)
    was_reached = or_(one.event.is_(None), one.event < read_to.scalar_subquery())
    mine = one.endpoint_id == endpoint_id
    return mine & one.next_at.is_not(None) & (one.next_at <= now) & was_reached & ~waits_for_another


def serve(endpoint_id: int, *, loopback: bool, must_stop: Callable[[], bool]) -> None:
    """Send to an endpoint all that is due, unless another worker is at it.

    Args:
        loopback: Whether messages may go to this machine.
        must_stop: Whether nothing more must be begun.
    """
    with _lease_of(endpoint_id) as is_ours:
        while is_ours() and not must_stop():
            endpoint = db.session.get_one(WebhookEndpoint, endpoint_id, populate_existing=True)
            was_handed_out = hand_out(endpoint)
            outcomes = _send_due(endpoint, loopback=loopback, must_stop=must_stop)
            _store(endpoint_id, outcomes)
            if outcomes and not any(answer.is_good for _, answer in outcomes):
                return
            if not was_handed_out and not outcomes:
                return


@contextmanager
def _lease_of(endpoint_id: int) -> Iterator[Callable[[], bool]]:
    lease, row = secrets.token_hex(16), WebhookEndpoint
    free = or_(row.lease == lease, row.leased_until.is_(None), row.leased_until <= clock.now())

    def renew() -> bool:
        """Whether it is ours for the next turn, and it is still to be served."""
        taken = update(row).where(
            row.id == endpoint_id, free, row.off_since.is_(None), row.removed_at.is_(None)
        )
        new = {"lease": lease, "leased_until": clock.now() + LEASE}
        with writing():
            return db.session.scalar(taken.values(new).returning(row.id)) is not None

    try:
        yield renew
    finally:
        db.session.rollback()
        with writing():
            mine = update(row).where(row.id == endpoint_id, row.lease == lease)
            db.session.execute(mine.values(lease=None, leased_until=None))


def _send_due(
    endpoint: WebhookEndpoint, *, loopback: bool, must_stop: Callable[[], bool]
) -> Outcomes:
    """Send what is due, several customers at once; what came of each that was sent."""
    now = clock.now()
    number = AT_ONCE if endpoint.failures < TRIED_FULLY else 1
    due = select(WebhookDelivery).where(_is_due(endpoint.id, now)).limit(number)
    rows = db.session.scalars(due.order_by(WebhookDelivery.event, WebhookDelivery.seq)).all()
    url, secrets_ = endpoint.url, good_secrets(endpoint, now)
    db.session.expunge_all()  # other threads read them, without a session
    db.session.rollback()
    until = monotonic() + TURN_SECONDS

    def send_in_order(rows: Sequence[WebhookDelivery]) -> Outcomes:
        outcomes: Outcomes = []
        for row in rows:
            if monotonic() > until or must_stop():
                break
            outcomes.append((row, _send(url, row, secrets_, loopback=loopback)))
            if not outcomes[-1][1].is_good:
                break
        return outcomes

    if not rows:
        return []
    with ThreadPoolExecutor(min(LINES, len(rows))) as lines:
        return [one for some in lines.map(send_in_order, _by_customer(rows)) for one in some]


def _by_customer(rows: Sequence[WebhookDelivery]) -> list[list[WebhookDelivery]]:
    def customer(row: WebhookDelivery) -> int:
        return row.customer_seq or -row.seq

    return [list(some) for _, some in groupby(sorted(rows, key=customer), customer)]


def _send(url: str, row: WebhookDelivery, good: Sequence[str], *, loopback: bool) -> Answer:
    body, at = row.body.encode(), int(clock.now().timestamp())
    headers = signing.headers(row.message_id, at, body, good)
    headers |= {"Content-Type": "application/json", "User-Agent": "Gatebook"}
    return post(url, body, headers, loopback=loopback)


def _store(endpoint_id: int, outcomes: Outcomes) -> None:
    """Store what came of attempts; an endpoint that is gone, or has failed for days, is switched
    off.
    """
    if not outcomes:
        return
    now, answers = clock.now(), [answer for _, answer in outcomes]
    with writing():
        endpoint = db.session.get_one(
            WebhookEndpoint, endpoint_id, with_for_update=True, populate_existing=True
        )
        was_failing = endpoint.failures >= TRIED_FULLY
        _count(endpoint, answers, now)
        may_give_up = endpoint.failing_since is None  # else the endpoint is to blame
        for row, answer in outcomes:
            changed = update(WebhookDelivery).where(WebhookDelivery.seq == row.seq)
            db.session.execute(changed.values(_came_of(row, answer, now, may_give_up)))
        if was_failing and not endpoint.failures:
            _send_all_now(endpoint_id, now)
        why = _why_off(endpoint, answers, now)
    if why:
        switch_off(endpoint_id, by=BY_ITSELF, why=why)


def _came_of(
    row: WebhookDelivery, answer: Answer, now: datetime, may_give_up: bool
) -> Mapping[str, Any]:
    attempts = row.attempts + 1
    is_last = row.kind == TEST or (may_give_up and attempts > len(PAUSES))
    pause = _jittered(PAUSES[min(attempts, len(PAUSES)) - 1])
    next_at = None if answer.is_good or is_last else now + pause
    return {
        "attempts": attempts,
        "tried_at": now,
        "next_at": next_at,
        "delivered_at": now if answer.is_good else None,
        "status": answer.status,
        "answer": answer.text,
        "problem": answer.problem,
        "milliseconds": answer.milliseconds,
    }


def _jittered(pause: timedelta) -> timedelta:
    return pause * secrets.SystemRandom().uniform(0.9, 1.1)


def _count(endpoint: WebhookEndpoint, answers: Sequence[Answer], now: datetime) -> None:
    """How many have failed since one succeeded, and when the next is made."""
    if any(answer.is_good for answer in answers):
        endpoint.failing_since, endpoint.failures, endpoint.paused_until = None, 0, None
        return
    endpoint.failing_since = endpoint.failing_since or now
    endpoint.failures += len(answers)
    more = endpoint.failures - TRIED_FULLY
    if more >= 0:
        pause = min(timedelta(seconds=2 ** min(more, 10)), LONGEST_PAUSE)
        endpoint.paused_until = now + _jittered(pause)


def _send_all_now(endpoint_id: int, now: datetime) -> None:
    """It works again: what waits for its next attempt need not wait longer."""
    waits = WebhookDelivery.next_at > now
    mine = update(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id, waits)
    db.session.execute(mine.values(next_at=now))


def _why_off(endpoint: WebhookEndpoint, answers: Sequence[Answer], now: datetime) -> Off | None:
    if any(answer.status == GONE for answer in answers):
        return Off.GONE
    since = endpoint.failing_since
    return Off.FAILING if since and now - since >= GIVES_UP_AFTER else None

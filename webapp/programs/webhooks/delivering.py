"""Delivers what is due to one endpoint, and stores what came of it.

Everything is sent at least once. For each customer the messages go in order: none before the one
before it was taken, or given up. A worker holds an endpoint by a lease, so that no other is at it.
"""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic
from typing import Any

from sqlalchemy import or_, select, update

from webapp.customers.models import Tombstone
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs.webhooks import signing
from webapp.programs.webhooks.due import IS_ON, due_deliveries, next_to_try
from webapp.programs.webhooks.endpoints import good_secrets, switch_off
from webapp.programs.webhooks.models import TEST, Off, WebhookDelivery, WebhookEndpoint
from webapp.programs.webhooks.posting import Answer, post

BY_ITSELF = Actor(kind="system", id=None, name="Gatebook", door="command")
# After each attempt that failed, as Standard Webhooks recommends, for five days; each with jitter.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400, 86_400)
)
# An endpoint is given up after so many failures in a row over so long; not if nothing was tried for
# longer than the longest pause.
GIVES_UP_AFTER, MANY, FORGIVEN_AFTER = timedelta(days=5), 10, timedelta(hours=36)
GONE = 410
LEASE = timedelta(seconds=60)
# How many are sent in one turn: at once, and for how long new ones are begun.
AT_ONCE, LINES, TURN_SECONDS = 100, 4, 5.0
# After so many failures in a row it is tried with one message at a time, ever less often.
TRIED_FULLY, LONGEST_PAUSE = 5, timedelta(minutes=1)
NO_SECRET = Answer(None, "", "Its secret cannot be read; make another", 0)
Outcomes = list[tuple[WebhookDelivery, Answer]]


def serve(endpoint_id: int, *, lease: str, loopback: bool, must_stop: Callable[[], bool]) -> None:
    """Send to an endpoint what is due, unless another worker is at it.

    Args:
        lease: Of this worker; it keeps the endpoint until `give_back`, or for a minute.
        loopback: Whether messages may go to this machine.
        must_stop: Whether nothing more must be begun.
    """
    while not must_stop() and _is_ours(endpoint_id, lease):
        endpoint = db.session.get_one(WebhookEndpoint, endpoint_id, populate_existing=True)
        url, number = endpoint.url, AT_ONCE if endpoint.failures < TRIED_FULLY else 1
        outcomes = _send_due(endpoint, number, loopback=loopback, must_stop=must_stop)
        if outcomes:
            _store(endpoint_id, outcomes, lease=lease, url=url)
        if len(outcomes) < number or not any(answer.is_good for _, answer in outcomes):
            return


def _is_ours(endpoint_id: int, lease: str) -> bool:
    """Whether the endpoint is this worker's for the next turn, and is still to be served; written
    only when the lease is half over.
    """
    row, now = WebhookEndpoint, clock.now()
    mine = (row.id == endpoint_id) & (row.lease == lease) & (row.leased_until > now + LEASE / 2)
    if db.session.scalar(select(row.id).where(mine, IS_ON)) is not None:
        return True
    free = or_(row.lease == lease, row.leased_until.is_(None), row.leased_until <= now)
    taken = update(row).where(row.id == endpoint_id, free, IS_ON)
    with writing():
        new = {"lease": lease, "leased_until": now + LEASE}
        return db.session.scalar(taken.values(new).returning(row.id)) is not None


def give_back(lease: str) -> None:
    """This worker stops: another may go on at once."""
    mine = update(WebhookEndpoint).where(WebhookEndpoint.lease == lease)
    if db.session.scalar(select(WebhookEndpoint.id).where(WebhookEndpoint.lease == lease).limit(1)):
        with writing():
            db.session.execute(mine.values(lease=None, leased_until=None))


def _send_due(
    endpoint: WebhookEndpoint, number: int, *, loopback: bool, must_stop: Callable[[], bool]
) -> Outcomes:
    """Send what is due, several customers at once; what came of each that was sent."""
    now, url = clock.now(), endpoint.url
    rows = (
        due_deliveries(endpoint.id, now, limit=number)
        if number > 1
        else next_to_try(endpoint.id, now)
    )
    good = good_secrets(endpoint, now)
    db.session.expunge_all()  # other threads read them, without a session
    db.session.rollback()
    until = monotonic() + TURN_SECONDS

    def send_in_order(rows: Sequence[WebhookDelivery]) -> Outcomes:
        outcomes: Outcomes = []
        for row in rows:
            if monotonic() > until or must_stop():
                break
            outcomes.append((row, _send(url, row, good, loopback=loopback)))
            if not outcomes[-1][1].is_good:
                break
        return outcomes

    if not rows:
        return []
    with ThreadPoolExecutor(min(LINES, len(rows))) as lines:
        return [one for some in lines.map(send_in_order, _by_customer(rows)) for one in some]


def _by_customer(rows: Sequence[WebhookDelivery]) -> list[list[WebhookDelivery]]:
    def customer(row: WebhookDelivery) -> int:
        return row.customer_seq if row.customer_seq and not row.by_hand else -row.seq

    return [list(some) for _, some in groupby(sorted(rows, key=customer), customer)]


def _send(url: str, row: WebhookDelivery, good: Sequence[str], *, loopback: bool) -> Answer:
    if not good:
        return NO_SECRET
    body, at = row.body.encode(), int(clock.now().timestamp())
    headers = signing.headers(row.message_id, at, body, good)
    headers |= {"Content-Type": "application/json", "User-Agent": "Gatebook"}
    return post(url, body, headers, loopback=loopback)


def _store(endpoint_id: int, outcomes: Outcomes, *, lease: str, url: str) -> None:
    """Store what came of attempts, unless another worker has taken over, or the address is another
    one now; an endpoint that is gone, or has failed for days, is switched off.
    """
    now, why = clock.now(), None
    with writing():
        endpoint = db.session.get_one(
            WebhookEndpoint, endpoint_id, with_for_update=True, populate_existing=True
        )
        if endpoint.lease != lease or endpoint.url != url or endpoint.removed_at:
            return
        was_failing = endpoint.failures >= TRIED_FULLY
        _count(endpoint, outcomes, now)
        _store_each(outcomes, now, may_give_up=endpoint.failing_since is None)
        if was_failing and not endpoint.failures:
            _send_all_now(endpoint_id, now)
        why = _why_off(endpoint, outcomes, now) if endpoint.is_on else None
    if why:
        switch_off(endpoint_id, by=BY_ITSELF, why=why)


def _store_each(outcomes: Outcomes, now: datetime, *, may_give_up: bool) -> None:
    """What came of each message, unless it was sent again meanwhile; and no answer about somebody
    who is deleted, which may say anything.
    """
    seqs = {row.customer_seq for row, _ in outcomes if row.customer_seq}
    gone = set(
        db.session.scalars(select(Tombstone.customer_seq).where(Tombstone.customer_seq.in_(seqs)))
    )
    one = WebhookDelivery
    for row, answer in outcomes:
        new = _came_of(row, answer, now, may_give_up)
        new |= {"answer": ""} if row.customer_seq in gone else {}
        as_sent = (one.seq == row.seq) & (one.attempts == row.attempts) & one.next_at.is_not(None)
        db.session.execute(update(one).where(as_sent).values(new))


def _came_of(
    row: WebhookDelivery, answer: Answer, now: datetime, may_give_up: bool
) -> dict[str, Any]:
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


def _count(endpoint: WebhookEndpoint, outcomes: Outcomes, now: datetime) -> None:
    """How many have failed since one succeeded, and when the next is made; tests count only if they
    succeed.
    """
    if any(answer.is_good for _, answer in outcomes):
        endpoint.failing_since, endpoint.failures, endpoint.paused_until = None, 0, None
        return
    failed = sum(row.kind != TEST for row, _ in outcomes)
    if not failed:
        return
    is_old = endpoint.failed_at is None or now - endpoint.failed_at > FORGIVEN_AFTER
    if endpoint.failing_since is None or is_old:
        endpoint.failing_since, endpoint.failures = now, 0
    endpoint.failed_at, endpoint.failures = now, endpoint.failures + failed
    more = endpoint.failures - TRIED_FULLY
    if more >= 0:
        pause = min(timedelta(seconds=2 ** min(more, 10)), LONGEST_PAUSE)
        endpoint.paused_until = now + _jittered(pause)


def _send_all_now(endpoint_id: int, now: datetime) -> None:
    """It works again: what waits for its next attempt need not wait longer."""
    waits = WebhookDelivery.next_at > now
    mine = update(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id, waits)
    db.session.execute(mine.values(next_at=now))


def _why_off(endpoint: WebhookEndpoint, outcomes: Outcomes, now: datetime) -> Off | None:
    if any(answer.status == GONE for _, answer in outcomes):
        return Off.GONE
    since = endpoint.failing_since
    is_long = since is not None and now - since >= GIVES_UP_AFTER
    return Off.FAILING if is_long and endpoint.failures >= MANY else None

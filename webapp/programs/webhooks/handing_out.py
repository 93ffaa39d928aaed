"""Hands out the next stretch of the feed to an endpoint: one delivery for each change of a kind
that it is told, each exactly once.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import InvalidQuery
from webapp.programs.change_feed import ToldChange, changes_from, end_of_feed
from webapp.programs.webhooks.models import WebhookDelivery, WebhookEndpoint
from webapp.programs.wire_names import on_the_wire

AT_ONCE = 500
# So many may wait at an endpoint; the rest waits in the feed.
MOST_WAITING = 5_000


def hand_out(endpoint: WebhookEndpoint) -> bool:
    """Hand out the next changes; whether there were any others to look at."""
    if _number_waiting(endpoint) >= MOST_WAITING:
        return False
    start = endpoint.read_to
    changes, end = _stretch(start)
    db.session.rollback()
    if end == start:
        return False
    now = clock.now()
    with writing():
        goes_on = update(WebhookEndpoint).where(
            WebhookEndpoint.id == endpoint.id, WebhookEndpoint.read_to == start
        )
        moved = db.session.scalar(goes_on.values(read_to=end).returning(WebhookEndpoint.id))
        if moved is not None:
            _store(endpoint, changes, now)
    return True


def _number_waiting(endpoint: WebhookEndpoint) -> int:
    delivery = WebhookDelivery
    waits = select(delivery.seq).where(
        delivery.endpoint_id == endpoint.id, delivery.next_at.is_not(None)
    )
    some = waits.limit(MOST_WAITING).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def _stretch(start: int) -> tuple[Sequence[ToldChange], int]:
    """The changes from an event on, and the event before which they were read; of a book that is
    older than that, as after a restored backup, none, and its end.
    """
    try:
        stretch = changes_from(start, take=AT_ONCE)
    except InvalidQuery:
        return (), end_of_feed()
    return stretch.changes, stretch.end


def _store(endpoint: WebhookEndpoint, changes: Sequence[ToldChange], now: datetime) -> None:
    rows = [
        _row(endpoint.id, one, now)
        for one in changes
        if not endpoint.kinds or one.type in endpoint.kinds
    ]
    again = _known(endpoint.id, [row["event"] for row in rows])
    if again:
        repeated = update(WebhookDelivery).where(WebhookDelivery.seq.in_(again.values()))
        db.session.execute(repeated.values(next_at=now, attempts=0, delivered_at=None))
    new = [row for row in rows if row["event"] not in again]
    if new:
        db.session.execute(insert(WebhookDelivery), new)


def _known(endpoint_id: int, events: Sequence[int]) -> dict[int, int]:
    """Those that were handed out before, as when all is sent again: their seq by event."""
    there = select(WebhookDelivery.event, WebhookDelivery.seq).where(
        WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.event.in_(events)
    )
    return {event: seq for event, seq in db.session.execute(there) if event is not None}


def _row(endpoint_id: int, change: ToldChange, now: datetime) -> dict[str, Any]:
    data = {
        "customerId": str(change.customer_id),
        "version": change.version,
        "fields": on_the_wire(change.fields),
        "door": change.door,
    }
    return {
        "endpoint_id": endpoint_id,
        "event": change.event,
        "customer_seq": change.customer_seq,
        "kind": change.type,
        "message_id": f"msg_{change.mark.hex()[:32]}",
        "body": message(change.type, change.at, data),
        "at": now,
        "next_at": now,
    }


def message(kind: str, at: datetime, data: dict[str, Any]) -> str:
    """The body of a message: what happened, and when; thin, because it passes through the hands of
    others.
    """
    return json.dumps({"type": kind, "timestamp": clock.in_iso(at), "data": data})

"""Hands out the next stretch of the feed to an endpoint: one delivery for each change of a kind
that it is told, each exactly once.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.dialects import is_unavailable
from webapp.kernel.refusals import InvalidQuery
from webapp.programs.change_feed import ToldChange, changes_from, end_of_feed
from webapp.programs.webhooks.due import IS_ON, count_waiting, endpoints_behind
from webapp.programs.webhooks.models import WebhookDelivery, WebhookEndpoint
from webapp.programs.wire_names import on_the_wire

log = logging.getLogger("gatebook.work")

AT_ONCE = 500
# So many may wait at an endpoint; the rest waits in the feed.
MOST_WAITING = 5_000


def hand_out() -> bool:
    """Hand out the next changes to each endpoint that is on; whether there were any to look at."""
    if db.session.scalar(select(WebhookEndpoint.id).where(IS_ON).limit(1)) is None:
        return False
    handed_out = [_try(one) for one in endpoints_behind(end_of_feed())]
    return any(handed_out)


def _try(endpoint_id: int) -> bool:
    """One that cannot be handed out to holds up no other."""
    try:
        return _hand_out_to(endpoint_id)
    except Exception as error:
        db.session.rollback()
        if is_unavailable(error):
            raise
        log.error("not handed out", extra={"error": type(error).__name__, "webhook": endpoint_id})
        return False


def _hand_out_to(endpoint_id: int) -> bool:
    endpoint = db.session.get_one(WebhookEndpoint, endpoint_id, populate_existing=True)
    start, kinds = endpoint.read_to, endpoint.kinds
    if count_waiting(endpoint_id, cap=MOST_WAITING) >= MOST_WAITING:
        return False
    changes, end = _stretch(start)
    db.session.rollback()
    goes_on = update(WebhookEndpoint).where(
        WebhookEndpoint.id == endpoint_id, WebhookEndpoint.read_to == start, IS_ON
    )
    with writing():
        moved = db.session.scalar(goes_on.values(read_to=end).returning(WebhookEndpoint.id))
        if moved is not None:
            _store(endpoint_id, [one for one in changes if not kinds or one.type in kinds])
    return end != start


def _stretch(start: int) -> tuple[Sequence[ToldChange], int]:
    """The changes from an event on, and the event before which they were read; of a book that is
    older than that, as after a restored backup, none, and its end.
    """
    try:
        stretch = changes_from(start, take=AT_ONCE)
    except InvalidQuery:
        return (), end_of_feed()
    return stretch.changes, stretch.end


def _store(endpoint_id: int, changes: Sequence[ToldChange]) -> None:
    now = clock.now()
    rows = [_row(endpoint_id, one, now) for one in changes]
    again = _known(endpoint_id, [row["event"] for row in rows])
    if again:
        anew = {"next_at": now, "attempts": 0, "delivered_at": None, "by_hand": False}
        seqs = WebhookDelivery.seq.in_(again.values())
        db.session.execute(update(WebhookDelivery).where(seqs).values(anew))
    new = [row for row in rows if row["event"] not in again]
    if new:
        db.session.execute(insert(WebhookDelivery), new)


def _known(endpoint_id: int, events: Sequence[int]) -> dict[int, int]:
    """Those that were handed out before, as when all is sent again: their seq by event."""
    there = select(WebhookDelivery.event, WebhookDelivery.seq).where(
        WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.event.in_(events)
    )
    known = db.session.execute(there.with_for_update()) if events else ()
    return {event: seq for event, seq in known if event is not None}


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

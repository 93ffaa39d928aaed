"""Which messages are due, and how many wait.

SQLite knows no statistics of these tables, so that each statement names its index: those of what
waits are small, while the rest stays for a month.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from webapp.kernel.database import db
from webapp.programs.webhooks.models import WebhookDelivery, WebhookEndpoint

DUE, WAITS = "INDEXED BY ix_webhook_delivery_due", "INDEXED BY ix_webhook_delivery_waits"
_one, _endpoint = WebhookDelivery, WebhookEndpoint
IS_ON = _endpoint.off_since.is_(None) & _endpoint.removed_at.is_(None)


def endpoints_behind(end: int) -> list[int]:
    """The endpoints that are on, to which the feed was not handed out up to its end."""
    return list(db.session.scalars(select(_endpoint.id).where(IS_ON, _endpoint.read_to != end)))


def endpoints_due(lease: str, now: datetime) -> list[int]:
    """The endpoints for which something is due, and at which no other worker is."""
    there = select(_endpoint.id).where(
        IS_ON,
        or_(_endpoint.paused_until.is_(None), _endpoint.paused_until <= now),
        or_(
            _endpoint.lease == lease,
            _endpoint.leased_until.is_(None),
            _endpoint.leased_until <= now,
        ),
        exists(_due(_endpoint.id, now).with_only_columns(_one.seq)),
    )
    return list(db.session.scalars(there))


def due_deliveries(endpoint_id: int, now: datetime, *, limit: int) -> list[WebhookDelivery]:
    """The oldest that are due; for each customer in order."""
    some = _due(endpoint_id, now).order_by(_one.event.nulls_first(), _one.seq)
    return list(db.session.scalars(some.limit(limit)))


def next_to_try(endpoint_id: int, now: datetime) -> list[WebhookDelivery]:
    """The one to try next where most fail: what was tried least often, so that what would be taken
    is not held up by what is not.
    """
    heads = _due(endpoint_id, now, is_first=True)
    return list(db.session.scalars(heads.order_by(_one.attempts, _one.event, _one.seq).limit(1)))


def _due(
    endpoint_id: int | InstrumentedAttribute[int], now: datetime, *, is_first: bool = False
) -> Select[Any]:
    """Not while the feed is read anew to before it, and not before an earlier one of its customer
    that has to wait; but what somebody sends again by hand neither waits for others nor holds them
    up.

    Args:
        is_first: Not before any earlier one of its customer that waits, due or not.
    """
    earlier = aliased(WebhookDelivery)
    has_to_wait = earlier.next_at.is_not(None) if is_first else earlier.next_at > now
    waits_for_another = exists(
        select(earlier.seq)
        .where(
            earlier.endpoint_id == _one.endpoint_id,
            earlier.customer_seq == _one.customer_seq,
            earlier.event < _one.event,
            earlier.by_hand.is_(False),
            has_to_wait,
        )
        .with_hint(earlier, WAITS, "sqlite")
    )
    return (
        select(_one)
        .where(
            _one.endpoint_id == endpoint_id,
            _one.next_at <= now,
            _was_reached(),
            or_(_one.by_hand, ~waits_for_another),
        )
        .with_hint(_one, DUE, "sqlite")
    )


def _was_reached() -> ColumnElement[bool]:
    read_to = select(_endpoint.read_to).where(_endpoint.id == _one.endpoint_id)
    return or_(_one.event.is_(None), _one.event < read_to.scalar_subquery())


def count_waiting(endpoint_id: int, *, cap: int) -> int:
    """How many were handed out and wait to be delivered, counted up to a cap."""
    waits = and_(_one.endpoint_id == endpoint_id, _one.next_at.is_not(None), _was_reached())
    some = select(_one.seq).where(waits).with_hint(_one, DUE, "sqlite").limit(cap)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0

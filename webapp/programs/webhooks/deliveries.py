"""What was sent to an endpoint: seen, tried, and sent again."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, select, update

from webapp.history.changes import Projection, changing
from webapp.history.entries import Actor, HistoryEntry, Subject
from webapp.history.log import LogLeaf, size_of
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import InvalidDetails, NotFound
from webapp.programs.change_feed import ENTRY_OF_LEAF
from webapp.programs.webhooks.due import DUE
from webapp.programs.webhooks.endpoints import IsOff, get_endpoint, locked_endpoint
from webapp.programs.webhooks.handing_out import message
from webapp.programs.webhooks.models import TEST, WebhookDelivery, WebhookEndpoint

STAYS_FOR = timedelta(days=30)
FORGOTTEN_AT_ONCE = 1_000
# Changes may come into the log a little later than they happened.
MARGIN = timedelta(minutes=5)
ALL, GIVEN_UP, OLD = (
    f"INDEXED BY ix_webhook_delivery_{name}" for name in ("endpoint_id_seq", "given_up", "old")
)


class Which(StrEnum):
    """Which deliveries are shown."""

    ALL = ""
    WAITING = "waiting"
    GIVEN_UP = "failed"


class NoSuchDelivery(NotFound):
    code = "delivery_not_found"
    sentence = "There is no such delivery"


def deliveries(
    endpoint_id: int, which: Which = Which.ALL, *, limit: int, before: int | None = None
) -> Sequence[WebhookDelivery]:
    """Deliveries of an endpoint, the newest first.

    Args:
        before: Only those with a lower number.
    """
    one = WebhookDelivery
    are, index = _are(which)
    there = select(one).where(one.endpoint_id == endpoint_id, *are).with_hint(one, index, "sqlite")
    there = there.where(one.seq < before) if before else there
    return db.session.scalars(there.order_by(one.seq.desc()).limit(limit)).all()


def _are(which: Which) -> tuple[Sequence[ColumnElement[bool]], str]:
    """The condition, and the index by which SQLite finds them."""
    one = WebhookDelivery
    if which is Which.WAITING:
        return [one.next_at.is_not(None)], DUE
    if which is Which.GIVEN_UP:
        return [one.next_at.is_(None), one.delivered_at.is_(None)], GIVEN_UP
    return [], ALL


def number_behind(endpoint: WebhookEndpoint, end: int) -> int:
    """How many entries of the log, up to an event, are still to be looked at for an endpoint."""
    return max(0, end - endpoint.read_to)


def send_test(endpoint_id: int) -> WebhookDelivery:
    """Let the worker send a message that tells of nothing, once; one that waits already does.

    Raises:
        NotFound: `webhook_not_found`.
        Conflict: `webhook_off`.
    """
    with writing():
        _locked_on(endpoint_id)
        there = select(WebhookDelivery).where(
            WebhookDelivery.endpoint_id == endpoint_id,
            WebhookDelivery.event.is_(None),
            WebhookDelivery.next_at.is_not(None),
        )
        if waiting := db.session.scalar(there.with_hint(WebhookDelivery, DUE, "sqlite")):
            return waiting
        now = clock.now()
        row = WebhookDelivery(
            endpoint_id=endpoint_id,
            kind=TEST,
            message_id=f"msg_{secrets.token_hex(16)}",
            body=message(TEST, now, {}),
            at=now,
            next_at=now,
        )
        db.session.add(row)
    return row


def send_again(endpoint_id: int, seq: int) -> WebhookDelivery:
    """Let the worker send a message now, with the id that it has. One that was delivered or given
    up does not hold up what came later.

    Raises:
        NotFound: `webhook_not_found` or `delivery_not_found`.
        Conflict: `webhook_off`.
    """
    with writing():
        _locked_on(endpoint_id)
        row = db.session.get(WebhookDelivery, seq, with_for_update=True, populate_existing=True)
        if row is None or row.endpoint_id != endpoint_id:
            raise NoSuchDelivery
        if row.next_at is None:
            row.by_hand = True
        row.next_at, row.attempts, row.delivered_at = clock.now(), 0, None
    return row


def send_all_since(endpoint_id: int, since: datetime, *, by: Actor) -> WebhookEndpoint:
    """Send everything that has happened since a time, in order, with the ids that the messages had;
    a receiver that remembers ids takes only what it lacks. What happened a few minutes before may
    come too.

    Raises:
        NotFound: `webhook_not_found`.
        Invalid: `invalid_details`; `since` is before the endpoint was added, or to come.
        Conflict: `webhook_off`.
    """
    known = get_endpoint(endpoint_id)
    if not known.created_at <= since <= clock.now():
        raise InvalidDetails.on("since", "This must be between when it was added and now")
    start = _first_event_since(max(known.created_at, since - MARGIN))
    with changing(lambda: _locked_on(endpoint_id), by=by) as change:
        change.row.read_to = min(change.row.read_to, start)
        change.record("endpoint_all_again", new={"since": clock.in_iso(since)})
        return change.row


def _locked_on(endpoint_id: int) -> WebhookEndpoint:
    """An endpoint that is on, locked until the transaction ends.

    Raises:
        NotFound: `webhook_not_found`.
        Conflict: `webhook_off`.
    """
    row = locked_endpoint(endpoint_id)
    if not row.is_on:
        raise IsOff
    return row


def _first_event_since(since: datetime) -> int:
    """The first event of the log since a time, found by halving: events follow time."""
    low, high = 0, size_of(db.session.connection())
    while low < high:
        middle = (low + high) // 2
        if _time_of(middle) < since:
            low = middle + 1
        else:
            high = middle
    return low


def _time_of(event: int) -> datetime:
    there = select(HistoryEntry.at).join(LogLeaf, ENTRY_OF_LEAF)
    return db.session.scalars(there.where(LogLeaf.event == event)).one()


def forget_old() -> bool:
    """Forget a part of what was done with a month ago, or belongs to an endpoint that was removed;
    whether there was any.
    """
    one = WebhookDelivery
    is_old = one.next_at.is_(None) & (one.at < clock.now() - STAYS_FOR)
    gone = select(WebhookEndpoint.id).where(WebhookEndpoint.removed_at.is_not(None))
    for some in (
        select(one.seq).where(is_old).with_hint(one, OLD, "sqlite"),
        select(one.seq).where(one.endpoint_id.in_(gone)),
    ):
        seqs = db.session.scalars(some.limit(FORGOTTEN_AT_ONCE)).all()
        if seqs:
            with writing():
                db.session.execute(delete(one).where(one.seq.in_(seqs)))
            return True
    return False


class WebhookAnswers(Projection):
    """Erases what endpoints answered about a customer together with the customer: they may have
    sent back anything.
    """

    def forget(self, subject: Subject) -> None:
        about = update(WebhookDelivery).where(WebhookDelivery.customer_seq == subject.seq)
        db.session.execute(about.values(answer=""))

"""Endpoints: where changes are sent. Admins add, change, switch and remove them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select, update

from webapp.history.changes import Change, adding, changing
from webapp.history.entries import Actor
from webapp.history.log import add_pending, size_of
from webapp.kernel import clock, crypto
from webapp.kernel.database import db
from webapp.kernel.fields import read_text
from webapp.kernel.refusals import Conflict, NotFound
from webapp.kernel.submission import Submission
from webapp.programs.change_feed import ALL_TYPES
from webapp.programs.webhooks import signing
from webapp.programs.webhooks.addresses import read_url
from webapp.programs.webhooks.models import Off, WebhookDelivery, WebhookEndpoint

MOST_ENDPOINTS = 50
MAX_DESCRIPTION_LENGTH = 200
# How long a secret signs beside the one that replaces it.
BOTH_SECRETS_FOR = timedelta(hours=24)
SECRET = "secret of a webhook"  # noqa: S105 - the purpose of a key
DETAILS = ("url", "description", "kinds")


class NoSuchEndpoint(NotFound):
    code = "webhook_not_found"
    sentence = "There is no such webhook"


class TooManyEndpoints(Conflict):
    code = "too_many_webhooks"
    sentence = f"There are {MOST_ENDPOINTS} webhooks already; remove one first"


class IsOff(Conflict):
    code = "webhook_off"
    sentence = "This webhook is switched off; switch it on first"


def add_endpoint(
    raw: Mapping[str, Any], *, by: Actor, loopback: bool
) -> tuple[WebhookEndpoint, str]:
    """Add an endpoint, which is told what happens from now on.

    Args:
        raw: `url`; `description` and `kinds`, if any.
        loopback: Whether it may be on this machine.

    Returns:
        The endpoint, and its secret, available in clear only now.

    Raises:
        Invalid: `invalid_details`, with problems on these fields.
        Conflict: `too_many_webhooks`.
    """
    details = _read(raw, loopback=loopback)
    secret = signing.new_secret()

    def make() -> WebhookEndpoint:
        _refuse_too_many()
        more = {"secret": _sealed(secret), "created_at": clock.now()}
        more["read_to"] = _present_end()
        return WebhookEndpoint(**details, **more, version=1)

    with adding(make, by=by) as change:
        change.record("endpoint_added", new=_written(details))
    return change.row, secret


def _present_end() -> int:
    """The event after all that was committed."""
    connection = db.session.connection()
    add_pending(connection, wait=True)
    return size_of(connection)


def _read(
    raw: Mapping[str, Any], *, loopback: bool, names: Sequence[str] = DETAILS
) -> dict[str, Any]:
    readers: dict[str, Callable[[Any], Any]] = {
        "url": partial(read_url, loopback=loopback),
        "description": _read_description,
        "kinds": _read_kinds,
    }
    submission = Submission()
    for name in names:
        submission.read(name, readers[name], raw.get(name))
    submission.refuse_if_wrong()
    return submission.values


def _read_description(raw: Any) -> str:
    text = " ".join(read_text(raw).split())
    if len(text) > MAX_DESCRIPTION_LENGTH:
        raise ValueError(f"This has more than {MAX_DESCRIPTION_LENGTH} characters")
    return text


def _read_kinds(raw: Any) -> list[str]:
    if not isinstance(raw or [], list | tuple) or not all(one in ALL_TYPES for one in raw or ()):
        raise ValueError(f"Each must be one of {', '.join(ALL_TYPES)}")
    return [one for one in ALL_TYPES if one in (raw or ())]


def _refuse_too_many() -> None:
    there = select(func.count()).where(WebhookEndpoint.removed_at.is_(None))
    if (db.session.scalar(there) or 0) >= MOST_ENDPOINTS:
        raise TooManyEndpoints


def _written(details: Mapping[str, Any]) -> dict[str, str]:
    """Details as the history has them."""
    return {name: details[name] if name != "kinds" else " ".join(details[name]) for name in details}


def change_endpoint(
    endpoint_id: int, raw: Mapping[str, Any], *, by: Actor, loopback: bool
) -> WebhookEndpoint:
    """Change what `raw` has; the rest stays. What waits goes to a new address, at once.

    Raises:
        NotFound: `webhook_not_found`.
        Invalid: `invalid_details`.
    """
    with changing(lambda: locked_endpoint(endpoint_id), by=by) as change:
        row = change.row
        before = {name: getattr(row, name) for name in DETAILS}
        after = before | _read(
            raw, loopback=loopback, names=[name for name in DETAILS if name in raw]
        )
        new = {name: after[name] for name in DETAILS if after[name] != before[name]}
        if new:
            for name, value in new.items():
                setattr(row, name, value)
            if "url" in new:
                _forget_failures(change)
            old = {name: before[name] for name in new}
            change.record("endpoint_changed", old=_written(old), new=_written(new))
        return row


def roll_secret(endpoint_id: int, *, by: Actor) -> tuple[WebhookEndpoint, str]:
    """Make another secret. The one before it signs too for a day, so that the receiver can be
    changed meanwhile; one before that ends.

    Returns:
        The endpoint, and the new secret, available in clear only now.

    Raises:
        NotFound: `webhook_not_found`.
    """
    secret = signing.new_secret()
    with changing(lambda: locked_endpoint(endpoint_id), by=by) as change:
        row = change.row
        row.old_secret, row.old_secret_until = row.secret, change.at + BOTH_SECRETS_FOR
        row.secret = _sealed(secret)
        change.record("endpoint_secret_rolled", new={"until": clock.in_iso(row.old_secret_until)})
    return row, secret


def good_secrets(endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    """The secrets that sign now."""
    sealed = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_secret_until and now < endpoint.old_secret_until:
        sealed.append(endpoint.old_secret)
    opened = [crypto.decrypt_token(SECRET, one) for one in sealed]
    return [secret.decode() for secret in opened if secret]


def _sealed(secret: str) -> str:
    return crypto.encrypt_token(SECRET, secret.encode())


def switch_off(endpoint_id: int, *, by: Actor, why: Off = Off.BY_HAND) -> WebhookEndpoint:
    """Send nothing to an endpoint until it is switched on.

    Raises:
        NotFound: `webhook_not_found`.
    """
    with changing(lambda: locked_endpoint(endpoint_id), by=by) as change:
        if change.row.off_since is None:
            change.row.off_since, change.row.off_why = change.at, why.value
            change.record("endpoint_off", new={"why": why.value})
        return change.row


def switch_on(endpoint_id: int, *, by: Actor) -> WebhookEndpoint:
    """Send again: first what waits and what happened meanwhile, in order.

    Raises:
        NotFound: `webhook_not_found`.
    """
    with changing(lambda: locked_endpoint(endpoint_id), by=by) as change:
        if change.row.off_since is not None:
            change.row.off_since = change.row.off_why = None
            _forget_failures(change)
            change.record("endpoint_on")
        return change.row


def _forget_failures(change: Change[WebhookEndpoint]) -> None:
    row = change.row
    row.failing_since, row.failures, row.paused_until = None, 0, None
    waits = WebhookDelivery.next_at.is_not(None) & (WebhookDelivery.endpoint_id == row.id)
    db.session.execute(update(WebhookDelivery).where(waits).values(next_at=change.at, attempts=0))


def remove_endpoint(endpoint_id: int, *, by: Actor) -> WebhookEndpoint:
    """Remove an endpoint, with its secrets; what was or is to be sent to it goes within the hour.

    Raises:
        NotFound: `webhook_not_found`.
    """
    with changing(lambda: locked_endpoint(endpoint_id), by=by) as change:
        row = change.row
        row.removed_at, row.secret, row.old_secret = change.at, "", None
        change.record("endpoint_removed")
        return row


def locked_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """An endpoint that was not removed, locked until the transaction ends."""
    row = db.session.get(WebhookEndpoint, endpoint_id, with_for_update=True, populate_existing=True)
    if row is None or row.removed_at:
        raise NoSuchEndpoint
    return row


def get_endpoint(endpoint_id: int) -> WebhookEndpoint:
    """An endpoint that was not removed.

    Raises:
        NotFound: `webhook_not_found`.
    """
    row = db.session.get(WebhookEndpoint, endpoint_id)
    if row is None or row.removed_at:
        raise NoSuchEndpoint
    return row


def list_endpoints() -> Sequence[WebhookEndpoint]:
    """All that were not removed, the newest first."""
    there = select(WebhookEndpoint).where(WebhookEndpoint.removed_at.is_(None))
    return db.session.scalars(there.order_by(WebhookEndpoint.id.desc())).all()


def count_off() -> int:
    """How many were switched off because they failed or were gone."""
    is_off = WebhookEndpoint.off_why.in_([Off.GONE.value, Off.FAILING.value])
    there = select(func.count()).where(WebhookEndpoint.removed_at.is_(None), is_off)
    return db.session.scalar(there) or 0

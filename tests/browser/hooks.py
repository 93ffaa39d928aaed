"""Webhooks in each state, with long words, and what was sent to one."""

from datetime import timedelta

from tests.support.cast import actor
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs.webhooks import endpoints
from webapp.programs.webhooks.handing_out import message
from webapp.programs.webhooks.models import Off, WebhookDelivery

URL = f"https://hooks.example.com/{'a' * 300}?token={'b' * 300}"
ANSWER = "<html>\n" + "x" * 900 + "</html>"


def webhooks() -> dict[str, int]:
    """One that is switched off, and one with messages that were delivered, that wait, and that were
    given up.
    """
    raw = {"url": URL, "description": "d" * 200, "kinds": ["blacklist.added", "customer.deleted"]}
    off = endpoints.add_endpoint(raw, by=actor("Adwoa"), loopback=False)[0].id
    endpoints.switch_off(off, by=actor("Adwoa"), why=Off.FAILING)
    raw = {"url": "https://shop.example.com/gatebook", "description": "Shop"}
    hook = endpoints.add_endpoint(raw, by=actor("Adwoa"), loopback=False)[0].id
    endpoints.roll_secret(hook, by=actor("Adwoa"))
    with writing():
        db.session.add_all(_deliveries(hook))
    return {"hook": hook, "off_hook": off}


def _deliveries(hook: int) -> list[WebhookDelivery]:
    now = clock.now()
    about = {"customerId": "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55", "version": 4}
    body = message("customer.changed", now, about | {"fields": ["email"] * 20, "door": "page"})
    same = {"endpoint_id": hook, "kind": "customer.changed", "body": body, "at": now}
    tried = {"tried_at": now, "milliseconds": 10_000, "answer": ANSWER}
    later = now + timedelta(hours=5)
    states = [
        {"delivered_at": now, "status": 200, "attempts": 1, **tried},
        {"next_at": later, "attempts": 5, "status": 503, "problem": "It answered 503", **tried},
        {"attempts": 12, "problem": "The name is not known", **tried},
        {"next_at": later},
    ]
    rows = [{**same, **state, "message_id": f"msg_{place}"} for place, state in enumerate(states)]
    return [WebhookDelivery(**row) for row in rows]

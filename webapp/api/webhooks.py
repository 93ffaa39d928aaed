"""Calls by which programs say where changes are sent."""

from datetime import UTC, datetime
from typing import Any

from webapp.api import api
from webapp.api.auth import actor
from webapp.api.describing.call import Call, Tag, described, succeeded
from webapp.api.idempotency import carried_out_once
from webapp.api.wire.answers import ApiResponse
from webapp.api.wire.requests import asked_before, read_object
from webapp.api.wire.webhooks import (
    DeliveriesOut,
    DeliveryOut,
    NewWebhook,
    WebhookChanges,
    WebhookOut,
    WebhookSince,
    WebhooksOut,
)
from webapp.http.doors import may_reach_loopback, needs
from webapp.kernel import clock
from webapp.kernel.fields import read_text
from webapp.kernel.refusals import InvalidDetails
from webapp.programs.webhooks import deliveries, endpoints
from webapp.staff.permissions import Permission

WEBHOOK = "/v1/webhooks/<int(max=9223372036854775807):seq>"
AT_ONCE = 100
BEFORE: dict[str, Any] = {
    "name": "before",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1},
    "example": 40,
    "description": "Deliveries with a lower number only: `next` of the last answer",
}


@api.get("/v1/webhooks")
@needs(Permission.MANAGE_WEBHOOKS)
@described(
    Call(
        summary="List the webhooks",
        why="To see which are on, and which fail.",
        tag=Tag.WEBHOOKS,
        answer=WebhooksOut,
        message="Webhooks",
    )
)
def list_webhooks() -> ApiResponse:
    rows = [WebhookOut.of(one) for one in endpoints.list_endpoints()]
    return succeeded(WebhooksOut.model_construct(webhooks=rows))


@api.post("/v1/webhooks")
@needs(Permission.MANAGE_WEBHOOKS)
@described(
    Call(
        summary="Add a webhook",
        why="It is told what happens from now on, in order for each customer, at least once: "
        "remember `webhook-id`. The answer alone has the secret.",
        tag=Tag.WEBHOOKS,
        body=NewWebhook,
        answer=WebhookOut,
        message="Webhook added",
        status=201,
        refusals=("too_many_webhooks",),
        once=True,
    )
)
@carried_out_once
def add_webhook() -> ApiResponse:
    raw = NewWebhook.taken_from(read_object())
    return succeeded(
        WebhookOut.of(*endpoints.add_endpoint(raw, by=actor(), loopback=may_reach_loopback()))
    )


@api.get(WEBHOOK)
@needs(Permission.MANAGE_WEBHOOKS)
@described(
    Call(
        summary="Look a webhook up",
        why="To see whether it is on.",
        tag=Tag.WEBHOOKS,
        answer=WebhookOut,
        message="Webhook",
        refusals=("webhook_not_found",),
    )
)
def fetch_webhook(seq: int) -> ApiResponse:
    return succeeded(WebhookOut.of(endpoints.get_endpoint(seq)))


@api.patch(WEBHOOK)
@needs(Permission.MANAGE_WEBHOOKS)
@described(
    Call(
        summary="Change a webhook",
        why="What waits goes to the new address.",
        tag=Tag.WEBHOOKS,
        body=WebhookChanges,
        answer=WebhookOut,
        message="Webhook changed",
        refusals=("webhook_not_found",),
        once=True,
    )
)
@carried_out_once
def change_webhook(seq: int) -> ApiResponse:
    raw, loopback = WebhookChanges.taken_from(read_object()), may_reach_loopback()
    return succeeded(
        WebhookOut.of(endpoints.change_endpoint(seq, raw, by=actor(), loopback=loopback))
    )


@api.delete(WEBHOOK)
@needs(Permission.MANAGE_WEBHOOKS)
@described(
    Call(
        summary="Remove a webhook",
        why="Nothing more is sent there, and what waits is forgotten.",
        tag=Tag.WEBHOOKS,
        answer=WebhookOut,
        message="Webhook removed",
        refusals=("webhook_not_found",),
        once=True,
    )
)
@carried_out_once
def remove_webhook(seq: int) -> ApiResponse:
    return succeeded(WebhookOut.of(endpoints.remove_endpoint(seq, by=actor())))


def _deed(summary: str, why: str, message: str, *refusals: str) -> Call:
    return Call(
        summary=summary,
        why=why,
        tag=Tag.WEBHOOKS,
        answer=WebhookOut,
        message=message,
        refusals=("webhook_not_found", *refusals),
        once=True,
    )


@api.post(f"{WEBHOOK}/secret")
@needs(Permission.MANAGE_WEBHOOKS)
@described(
    _deed(
        "Make another secret",
        "The answer alone has it. For a day the one before signs too.",
        "Secret made",
    )
)
@carried_out_once
def roll_webhook_secret(seq: int) -> ApiResponse:
    return succeeded(WebhookOut.of(*endpoints.roll_secret(seq, by=actor())))


@api.post(f"{WEBHOOK}/off")
@needs(Permission.MANAGE_WEBHOOKS)
@described(_deed("Switch a webhook off", "What happens meanwhile waits for it.", "Webhook off"))
@carried_out_once
def switch_webhook_off(seq: int) -> ApiResponse:
    return succeeded(WebhookOut.of(endpoints.switch_off(seq, by=actor())))


@api.post(f"{WEBHOOK}/on")
@needs(Permission.MANAGE_WEBHOOKS)
@described(_deed("Switch a webhook on", "It is sent what happened meanwhile.", "Webhook on"))
@carried_out_once
def switch_webhook_on(seq: int) -> ApiResponse:
    return succeeded(WebhookOut.of(endpoints.switch_on(seq, by=actor())))


@api.post(f"{WEBHOOK}/send-since")
@needs(Permission.MANAGE_WEBHOOKS)
@described(
    Call(
        summary="Send everything since a time again",
        why="After a receiver has lost something. Each message has the id that it had.",
        tag=Tag.WEBHOOKS,
        body=WebhookSince,
        answer=WebhookOut,
        message="Sent again",
        refusals=("webhook_not_found", "webhook_off"),
        once=True,
    )
)
@carried_out_once
def send_all_since(seq: int) -> ApiResponse:
    since = _read_since(WebhookSince.taken_from(read_object()).get("since"))
    return succeeded(WebhookOut.of(deliveries.send_all_since(seq, since, by=actor())))


def _read_since(raw: Any) -> datetime:
    try:
        return clock.read_moment(read_text(raw), UTC)
    except (ValueError, OverflowError):
        raise InvalidDetails.on("since", "Send a time, such as 2026-11-05T12:34:56Z") from None


@api.post(f"{WEBHOOK}/test")
@needs(Permission.MANAGE_WEBHOOKS)
@described(
    Call(
        summary="Send a test",
        why="It tells of nothing, and is tried once.",
        tag=Tag.WEBHOOKS,
        answer=DeliveryOut,
        message="Test on its way",
        refusals=("webhook_not_found", "webhook_off"),
    )
)
def send_test(seq: int) -> ApiResponse:
    return succeeded(DeliveryOut.of(deliveries.send_test(seq)))


@api.get(f"{WEBHOOK}/deliveries")
@needs(Permission.MANAGE_WEBHOOKS)
@described(
    Call(
        summary="See what was sent",
        why="With what was answered; what was done with is forgotten after a month.",
        tag=Tag.WEBHOOKS,
        answer=DeliveriesOut,
        message="Deliveries",
        refusals=("webhook_not_found", "invalid_query"),
        parameters=(BEFORE,),
    )
)
def list_deliveries(seq: int) -> ApiResponse:
    one = endpoints.get_endpoint(seq)
    some = deliveries.deliveries(one.id, limit=AT_ONCE + 1, before=asked_before())
    rows = [DeliveryOut.of(row) for row in some[:AT_ONCE]]
    following = rows[-1].number if len(some) > AT_ONCE else None
    return succeeded(DeliveriesOut.model_construct(deliveries=rows, next=following))


@api.post(f"{WEBHOOK}/deliveries/<int(max=9223372036854775807):delivery>/send")
@needs(Permission.MANAGE_WEBHOOKS)
@described(
    Call(
        summary="Send a message again",
        why="With the id that it has.",
        tag=Tag.WEBHOOKS,
        answer=DeliveryOut,
        message="Message on its way",
        refusals=("webhook_not_found", "delivery_not_found", "webhook_off"),
    )
)
def send_delivery(seq: int, delivery: int) -> ApiResponse:
    return succeeded(DeliveryOut.of(deliveries.send_again(seq, delivery)))

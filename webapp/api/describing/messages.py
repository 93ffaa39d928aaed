"""What webhooks send: described beside the calls, for those who receive them."""

from typing import Any

from pydantic import Field

from webapp.api.describing.call import Tag
from webapp.api.describing.examples import SCHEMAS, example_of
from webapp.api.wire.schemas import Wire, WireMoment, where_known
from webapp.programs.change_feed import ALL_TYPES
from webapp.programs.webhooks.models import TEST

SIGNATURE = {
    "webhook-id": ("The same in each attempt: remember it", "msg_2b8f0c1d7e55a4c61f0e9d3b7a5c4e21"),
    "webhook-timestamp": ("When it was sent, in seconds since 1970", "1795877833"),
    "webhook-signature": (
        "One or two signatures, apart by spaces (Standard Webhooks, v1)",
        "v1,hcG2mP0KXfIk0b5nP/vmuqD1hFRtMNWFhqpvBEmvPDY=",
    ),
}


class WebhookData(Wire):
    """Whom it is about; empty in a test."""

    customer_id: str | None = where_known(
        "Not in a test, like the rest", "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55"
    )
    version: int | None = where_known("Of the customer from then on", 4)
    fields: list[str] | None = where_known("The details that changed", ["email"])
    door: str | None = where_known("`page`, `api` or `command`", "api")


class WebhookMessage(Wire):
    """A change, as it is sent."""

    type: str = Field(
        description=f"{', '.join((*ALL_TYPES, TEST))}. Others may come: skip those that you do not "
        "know",
        examples=["customer.changed"],
    )
    timestamp: WireMoment = Field(description="When it happened")
    data: WebhookData


def webhooks() -> dict[str, Any]:
    """The section `webhooks` of the description."""
    content = {"schema": {"$ref": SCHEMAS + WebhookMessage.__name__}}
    return {
        "change": {
            "post": {
                "operationId": "receiveChange",
                "tags": [Tag.WEBHOOKS.value],
                "summary": "A change is told",
                "description": "Answer 2xx within ten seconds, or it comes again for five days; "
                "410 switches the webhook off. In order for each customer; it may come twice.",
                "security": [],
                "parameters": [
                    {
                        "name": name,
                        "in": "header",
                        "required": True,
                        "schema": {"type": "string"},
                        "description": description,
                        "example": example,
                    }
                    for name, (description, example) in SIGNATURE.items()
                ],
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": content | {"example": example_of(WebhookMessage)}
                    },
                },
                "responses": {"2XX": {"description": "It was taken"}},
            }
        }
    }

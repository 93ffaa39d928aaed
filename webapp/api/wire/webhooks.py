"""Webhooks on the wire: what is said of them, and of what was sent."""

from typing import Annotated, Self

from pydantic import Field

from webapp.api.wire.inputs import Given
from webapp.api.wire.schemas import Wire, WireMoment, one_of, where_known
from webapp.programs.change_feed import ALL_TYPES
from webapp.programs.webhooks.addresses import MAX_URL_LENGTH
from webapp.programs.webhooks.endpoints import MAX_DESCRIPTION_LENGTH
from webapp.programs.webhooks.models import Off, WebhookDelivery, WebhookEndpoint

AN_URL = "https://shop.example.com/gatebook"
A_KIND = Annotated[str, one_of(ALL_TYPES)]


class WebhookChanges(Given):
    """Any of these; what is absent stays."""

    url: str = Field(
        default="",
        max_length=MAX_URL_LENGTH,
        json_schema_extra={"format": "uri"},
        description="`https`, on the public internet",
        examples=[AN_URL],
    )
    description: str = Field(
        default="", max_length=MAX_DESCRIPTION_LENGTH, description="For people", examples=["Shop"]
    )
    kinds: list[A_KIND] = Field(
        default=[],
        description="The types of changes that it is told; all, if it is empty",
        examples=[["blacklist.added"]],
    )


class NewWebhook(WebhookChanges):
    """An address that is told what changes."""

    url: str = Field(
        max_length=MAX_URL_LENGTH,
        json_schema_extra={"format": "uri"},
        description="`https`, on the public internet",
        examples=[AN_URL],
    )


class WebhookSince(Given):
    """From when on all is sent again."""

    since: str = Field(
        json_schema_extra={"format": "date-time"},
        description="Not before the webhook was added",
        examples=["2026-11-05T12:34:56.000Z"],
    )


class WebhookOut(Wire):
    """An address that is told what changes."""

    number: int = Field(ge=1, examples=[1])
    url: str = Field(examples=[AN_URL])
    description: str = Field(examples=["Shop"])
    kinds: list[A_KIND] = Field(description="Empty: all", examples=[["blacklist.added"]])
    on: bool = Field(description="Whether anything is sent", examples=[True])
    off_why: Annotated[str, one_of(Off)] | None = Field(
        description="`by hand`; `gone`, as it answered 410; `failing`, for five days",
        examples=[None],
    )
    failing_since: WireMoment | None = Field(examples=[None])
    old_secret_until: WireMoment | None = Field(
        description="Until when the secret before this one signs too", examples=[None]
    )
    created_at: WireMoment
    secret: str | None = where_known(
        "Of the signatures (Standard Webhooks); only in the answer that made it",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwq3fN7w2hQ2k=",
    )

    @classmethod
    def of(cls, one: WebhookEndpoint, secret: str | None = None) -> Self:
        return cls.model_construct(
            number=one.id,
            url=one.url,
            description=one.description,
            kinds=one.kinds,
            on=one.is_on,
            off_why=one.off_why,
            failing_since=one.failing_since,
            old_secret_until=one.old_secret_until,
            created_at=one.created_at,
            secret=secret,
        )


class WebhooksOut(Wire):
    """All webhooks, the newest first."""

    webhooks: list[WebhookOut]


class DeliveryOut(Wire):
    """A message, and what came of the last attempt."""

    number: int = Field(ge=1, examples=[7])
    id: str = Field(description="`webhook-id`", examples=["msg_2b8f0c1d7e55a4c61f0e9d3b7a5c4e21"])
    type: str = Field(examples=["blacklist.added"])
    state: Annotated[str, one_of(("delivered", "waiting", "given up"))] = Field(
        examples=["delivered"]
    )
    at: WireMoment
    attempts: int = Field(ge=0, examples=[1])
    next_at: WireMoment | None = Field(description="Of the next attempt", examples=[None])
    body: str = Field(examples=['{"type": "blacklist.added"}'])
    status: int | None = Field(description="Of the last answer", examples=[200])
    answer: str = Field(description="Its first 1,000 bytes", examples=["ok"])
    problem: str = Field(description="Why it was not delivered", examples=[""])
    milliseconds: int | None = Field(examples=[38])

    @classmethod
    def of(cls, row: WebhookDelivery) -> Self:
        same = ("state", "at", "attempts", "next_at", "body", "status", "answer", "problem")
        return cls.model_construct(
            number=row.seq,
            id=row.message_id,
            type=row.kind,
            milliseconds=row.milliseconds,
            **{name: getattr(row, name) for name in same},
        )


class DeliveriesOut(Wire):
    """Deliveries, the newest first."""

    deliveries: list[DeliveryOut]
    next: int | None = Field(description="`before` of the next call", examples=[None])

"""The tables of webhooks: endpoints, and what is or was sent to them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.history.entries import Subject
from webapp.kernel.database import Model, Moment, Sequence

WAITS, DONE = text("next_at is not null"), text("next_at is null")
GIVEN_UP = text("next_at is null and delivered_at is null")
TEST = "webhook.test"


class Off(StrEnum):
    """Why nothing is sent to an endpoint."""

    BY_HAND = "by hand"
    GONE = "gone"
    FAILING = "failing"


class WebhookEndpoint(Model):
    """An address to which changes are sent.

    Attributes:
        kinds: Which ones; all, if it is empty.
        secret: The key of its signatures, encrypted; `old_secret` signs too until
            `old_secret_until`.
        off_since: Since when nothing is sent, and `off_why`; `None` while it is on.
        read_to: The event of the log before which all was handed out.
        failing_since: The first of the attempts that failed since one succeeded, `failed_at` the
            last, and `failures` how many these are.
        paused_until: When one is made again, after several have failed.
        lease: Of the worker that sends to it, until `leased_until`.
    """

    __tablename__ = "webhook_endpoint"

    id: Mapped[int] = mapped_column(Sequence, primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    secret: Mapped[str] = mapped_column(Text)
    old_secret: Mapped[str | None] = mapped_column(Text)
    old_secret_until: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    off_since: Mapped[datetime | None] = mapped_column(Moment)
    off_why: Mapped[str | None] = mapped_column(String(8))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
    read_to: Mapped[int] = mapped_column(BigInteger, default=0)
    failing_since: Mapped[datetime | None] = mapped_column(Moment)
    failed_at: Mapped[datetime | None] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[datetime | None] = mapped_column(Moment)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint(
            f"off_why is null or off_why in {tuple(why.value for why in Off)}", name="off_why_known"
        ),
        {"sqlite_autoincrement": True},
    )

    @property
    def subject(self) -> Subject:
        return Subject("endpoint", self.id)

    @property
    def is_on(self) -> bool:
        return self.off_since is None and self.removed_at is None


class WebhookDelivery(Model):
    """One message to one endpoint, and what came of the last attempt.

    Attributes:
        event: The number in the log of what it tells; `None` for a test.
        message_id: `webhook-id`: the same in every attempt.
        at: When it was handed out.
        next_at: When it is due; `None` once it was delivered or given up.
        by_hand: Somebody sends it again, whatever else waits.
        attempts: How many were made.
        status: What the endpoint answered, with the beginning of its `answer`, in `milliseconds`.
        problem: Why there was no good answer, in words; empty if there was.
    """

    __tablename__ = "webhook_delivery"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id"))
    event: Mapped[int | None] = mapped_column(BigInteger)
    customer_seq: Mapped[int | None] = mapped_column(Sequence, index=True)
    kind: Mapped[str] = mapped_column(String(32))
    message_id: Mapped[str] = mapped_column(String(64))
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    by_hand: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)
    tried_at: Mapped[datetime | None] = mapped_column(Moment)
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    milliseconds: Mapped[int | None]
    problem: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("uq_webhook_delivery_endpoint_id_event", "endpoint_id", "event", unique=True),
        Index(
            "ix_webhook_delivery_waits",
            "endpoint_id",
            "customer_seq",
            "event",
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
        Index(
            "ix_webhook_delivery_due",
            "endpoint_id",
            "next_at",
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        ),
        Index(
            "ix_webhook_delivery_given_up",
            "endpoint_id",
            "seq",
            sqlite_where=GIVEN_UP,
            postgresql_where=GIVEN_UP,
        ),
        Index("ix_webhook_delivery_old", "at", sqlite_where=DONE, postgresql_where=DONE),
        Index("ix_webhook_delivery_endpoint_id_seq", "endpoint_id", "seq"),
        {"sqlite_autoincrement": True},
    )

    @property
    def state(self) -> str:
        """`delivered`, `waiting` or `given up`."""
        if self.delivered_at:
            return "delivered"
        return "waiting" if self.next_at else "given up"

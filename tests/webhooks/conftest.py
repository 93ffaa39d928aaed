"""Endpoints on this machine, and a worker who serves them when a test says so."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.books import Book
from tests.support.cast import actor
from tests.support.receivers import Receiver, receiving
from tests.support.serving import serve
from webapp.kernel.database import db
from webapp.programs.webhooks import endpoints
from webapp.programs.webhooks.deliveries import deliveries
from webapp.programs.webhooks.models import WebhookDelivery, WebhookEndpoint


@dataclass
class Hook:
    """An endpoint with its receiver."""

    id: int
    secret: str
    receiver: Receiver

    @property
    def row(self) -> WebhookEndpoint:
        db.session.rollback()
        return db.session.get_one(WebhookEndpoint, self.id, populate_existing=True)

    @property
    def sent(self) -> list[WebhookDelivery]:
        """All deliveries, the oldest first."""
        db.session.rollback()
        return list(deliveries(self.id, limit=10_000))[::-1]

    def serve(self) -> None:
        """Send what is due now."""
        serve(only=self.id)

    @property
    def told(self) -> list[tuple[str, int]]:
        """The type and the version of each message, in the order in which they came."""
        bodies = [json.loads(message.body) for message in self.receiver.messages]
        return [(body["type"], body["data"].get("version", 0)) for body in bodies]


@pytest.fixture
def hook(staffed: Book) -> Iterator[Callable[..., Hook]]:
    """`hook(kinds=[…], status=500)` is another endpoint."""
    with ExitStack() as stack:

        def start(kinds: tuple[str, ...] = (), **how: Any) -> Hook:
            receiver = stack.enter_context(receiving(**how))
            raw = {"url": receiver.address, "kinds": kinds}
            one, secret = endpoints.add_endpoint(raw, by=actor("Adwoa"), loopback=True)
            return Hook(one.id, secret, receiver)

        yield start

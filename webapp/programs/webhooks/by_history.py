"""What the history says of the rows of endpoints."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from webapp.history.rows import RowsOf, Telling
from webapp.programs.webhooks.models import WebhookEndpoint

COLUMNS = (
    "url", "description", "kinds", "created_at", "off_since", "off_why", "removed_at", "version",
)  # fmt: skip


def _endpoints(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    for entry in entries:
        row |= {name: entry.value(name) for name in ("url", "description") if _has(entry, name)}
        if _has(entry, "kinds"):
            row["kinds"] = entry.value("kinds").split()
        if entry.kind == "endpoint_added":
            row["created_at"] = entry.at
        elif entry.kind == "endpoint_off":
            row |= {"off_since": entry.at, "off_why": entry.value("why")}
        elif entry.kind == "endpoint_on":
            row |= {"off_since": None, "off_why": None}
        elif entry.kind == "endpoint_removed":
            row["removed_at"] = entry.at
    return [row | {"version": entries[-1].version}] if entries else []


def _has(entry: Telling, name: str) -> bool:
    return entry.value(name) is not None


ENDPOINTS = (
    RowsOf(
        "webhook",
        WebhookEndpoint.__table__,
        "id",
        select(WebhookEndpoint.id, *(getattr(WebhookEndpoint, name) for name in COLUMNS)).order_by(
            WebhookEndpoint.id
        ),
        _endpoints,
    ),
)

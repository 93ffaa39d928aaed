"""What a call declares about itself: what it takes and returns, how it may be refused, and what
it is for. The description is generated from that, and tests check the call against it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from flask import current_app, request
from pydantic import BaseModel

from webapp.api.wire.answers import ApiResponse, success
from webapp.api.wire.schemas import Wire

View = TypeVar("View", bound=Callable[..., Any])
# Codes that any call with a key may answer with, and those of calls with a body.
ALWAYS = (
    "unauthenticated",
    "key_expired",
    "key_revoked",
    "key_owner_left",
    "scope_missing",
    "too_many_requests",
    "unavailable",
)
WITH_BODY = (
    "malformed_json",
    "not_an_object",
    "invalid_details",
    "body_too_large",
    "unsupported_media_type",
)
ONCE = ("idempotency_in_progress", "idempotency_mismatch", "invalid_query")


class Tag(StrEnum):
    """What a call is about, as clients and the reference group them."""

    CUSTOMERS = "Customers"
    BLACKLIST = "Blacklist"
    CHANGES = "Changes"
    WEBHOOKS = "Webhooks"
    FILES = "Files"


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a view declares about itself.

    Attributes:
        why: What it is for, and what to know before it is called.
        names: What generated clients call it, by method; else after the view.
        answer: The model of `data`, and `message` that of the answer; not of a file.
        media: The media type of a file, and `example` the beginning of one.
        takes: The media types of a file that is sent, in place of a body.
        also: Other statuses of success.
        refusals: Codes besides those that every call has.
        headers: Of the answer, besides those of every such answer.
    """

    summary: str
    why: str
    tag: Tag
    names: Mapping[str, str] = field(default_factory=dict)
    answer: type[BaseModel] | None = None
    message: str = ""
    media: str = ""
    example: str = ""
    body: type[BaseModel] | None = None
    takes: tuple[str, ...] = ()
    status: int = 200
    also: tuple[int, ...] = ()
    refusals: tuple[str, ...] = ()
    parameters: tuple[dict[str, Any], ...] = field(default=())
    headers: dict[str, Any] = field(default_factory=dict)
    once: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        gone = ("customer_deleted",) if "customer_not_found" in self.refusals else ()
        return (
            *ALWAYS,
            *(WITH_BODY if self.body else ()),
            *(("body_too_large",) if self.takes else ()),
            *(ONCE if self.once else ()),
            *self.refusals,
            *gone,
        )


def described(call: Call) -> Callable[[View], View]:
    """Declare on a view what it takes and returns."""

    def declare(view: View) -> View:
        view.call = call  # type: ignore[attr-defined]
        return view

    return declare


def present_call() -> Call:
    """What the view of the present request declares about itself."""
    view: Any = current_app.view_functions[request.endpoint or ""]
    call: Call = view.call
    return call


def succeeded(data: Wire) -> ApiResponse:
    """The answer to the present request, with the message and status that its view declares."""
    call = present_call()
    return success(call.message, data, status=call.status)

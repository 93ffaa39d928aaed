"""The answers to programs: their one shape, and what is said of the call besides its data."""

from typing import Any, Generic, Literal, TypeVar

from flask import Response, g
from pydantic import Field

from webapp.api.wire.schemas import Wire

T = TypeVar("T")
MAX_HEADER_LENGTH = 500


class Success(Wire, Generic[T]):
    """What every answer looks like that is no error. It never has a key `statusCode`."""

    status: bool = True
    message: str
    data: T
    ignored: list[str] | None = Field(
        default=None, description="Fields of the body that mean nothing here"
    )
    outcome: Literal["created", "changed", "unchanged"] | None = None


class ApiResponse(Response):
    """An answer, with what its idempotency record needs.

    Attributes:
        customer_seq: The customer it is about; deleting them deletes the record.
        kept_body: The body to keep instead, if not all of it may be kept.
        may_be_kept: Whether all of it was carried out: what was refused can be asked again.
    """

    customer_seq: int | None = None
    kept_body: str | None = None
    may_be_kept: bool = True


def as_json(model: Wire, *, status: int = 200, leave_out: set[str] | None = None) -> ApiResponse:
    body = model.model_dump_json(by_alias=True, exclude=leave_out)
    return ApiResponse(body, status=status, mimetype="application/json")


def success(message: str, data: Any, *, status: int = 200) -> ApiResponse:
    ignored = list(dict.fromkeys(g.get("ignored", ())))
    answer = Success[Any].model_construct(
        status=True, message=message, data=data, ignored=ignored or None, outcome=g.get("outcome")
    )
    absent = {name for name in ("ignored", "outcome") if getattr(answer, name) is None}
    response = as_json(answer, status=status, leave_out=absent)
    if ignored:
        names = ", ".join(name for name in ignored if name.isascii() and name.isprintable())
        response.headers["X-Ignored"] = names[:MAX_HEADER_LENGTH]
    return response

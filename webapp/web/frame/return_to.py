"""Where to return after an action that began on another page; encrypted in form and address."""

import json
from dataclasses import dataclass, field
from enum import StrEnum

from flask import request

from webapp.kernel import crypto
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import may_visitor

PURPOSE = "return to"


class Where(StrEnum):
    """The page, and the part of it that htmx redraws."""

    RECORD = "record"
    """The customer's page: the whole record."""
    ROW = "row"
    """A list of customers: the customer's row."""
    QUEUE = "queue"
    """The review queue: the case whose turn it is."""
    WAITING = "waiting"
    """The list of cases that wait: the whole page."""


@dataclass(frozen=True)
class ReturnTo:
    """A place to return to.

    Attributes:
        filters: The filters of the queue or list, as in its address.
        case_seq: The case of the queue to show next; `None` for the first.
        onward: It is only the next one, so another will do; see `queue.turn`.
    """

    where: Where = Where.RECORD
    filters: dict[str, str] = field(default_factory=dict)
    case_seq: int | None = None
    onward: bool = False

    def sealed(self) -> str:
        if self == ReturnTo():
            return ""
        text = json.dumps([self.where, self.filters, self.case_seq, self.onward])
        return crypto.encrypt_token(PURPOSE, text.encode())


FOR_MANAGERS = {Where.QUEUE, Where.WAITING}


def asked_return() -> ReturnTo:
    """The place that the present request names; the customer's page if it names none that we
    encrypted, or one where the visitor may not go.
    """
    opened = crypto.decrypt_token(PURPOSE, request.values.get("return_to", ""))
    place = _read(opened) if opened else ReturnTo()
    if place.where in FOR_MANAGERS and not may_visitor(Permission.REVIEW):
        return ReturnTo()
    return place


def _read(opened: bytes) -> ReturnTo:
    """Read a token; one made by an earlier release may name what this one does not know."""
    try:
        where, filters, case_seq, onward = json.loads(opened)
        return ReturnTo(Where(where), dict(filters), case_seq, onward)
    except (ValueError, TypeError):
        return ReturnTo()

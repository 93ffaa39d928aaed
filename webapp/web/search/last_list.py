"""The list that the visitor saw last in this browser: who is next on it, and the way back to it.

Its ids and its address stand in a cookie, so that the page of a customer asks nothing for it. They
need no seal: the ids stand in addresses, and the address has what was searched for encrypted.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Response, after_this_request, current_app, request, url_for

from webapp.search.filters import CustomerFilter
from webapp.search.results import ListRow
from webapp.web.search.addresses import list_url

BYTES = 16


@dataclass(frozen=True)
class Neighbours:
    """Where a customer stands on a page of a list.

    Attributes:
        position: From 1, of `total` on that page.
        back: The address of the list, at the customer's row.
    """

    position: int
    total: int
    previous: UUID | None
    next: UUID | None
    back: str


def note_list(rows: Sequence[ListRow], filters: CustomerFilter) -> None:
    """Remember the page of a list that the present request shows."""
    ids = b"".join(row.id.bytes for row in rows)
    value = b".".join(map(urlsafe_b64encode, (ids, list_url(filters).encode()))).decode()

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            _name(),
            value,
            path=url_for("search.list_customers"),
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return response


def neighbours_of(customer_id: UUID) -> Neighbours | None:
    """Who stands beside a customer on the last list; `None` if they are not on it."""
    ids, address = _last_list()
    if customer_id not in ids:
        return None
    place = ids.index(customer_id)
    return Neighbours(
        position=place + 1,
        total=len(ids),
        previous=ids[place - 1] if place else None,
        next=ids[place + 1] if place + 1 < len(ids) else None,
        back=f"{address}#c-{customer_id}",
    )


def _last_list() -> tuple[list[UUID], str]:
    listed, _, address = request.cookies.get(_name(), "").partition(".")
    try:
        ids, path = urlsafe_b64decode(listed), urlsafe_b64decode(address).decode()
    except ValueError:
        return [], ""
    if path.partition("?")[0] != url_for("search.list_customers") or len(ids) % BYTES:
        return [], ""
    return [UUID(bytes=ids[start : start + BYTES]) for start in range(0, len(ids), BYTES)], path


def _name() -> str:
    return f"{current_app.config['SESSION_COOKIE_NAME']}-list"

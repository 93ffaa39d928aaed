"""The list that the visitor saw last in this browser: who is next on it, and the way back to it.

Its ids and its address stand in a cookie, encrypted for the member, so that the page of a customer
asks nothing for it. Only pages of customers get it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from webapp.search.filters import CustomerFilter
from webapp.search.results import ListRow
from webapp.web.frame.cookie import LIST
from webapp.web.search.addresses import list_url
from webapp.web.search.visitor_cookie import keep_for_visitor, kept_for_visitor

PURPOSE = "last list"
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
    content = len(rows).to_bytes() + ids + list_url(filters).encode()
    keep_for_visitor(LIST, PURPOSE, content, path=_path())


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
    content = kept_for_visitor(LIST, PURPOSE, path=_path())
    if not content:
        return [], ""
    end = 1 + content[0] * BYTES
    ids = [UUID(bytes=content[start : start + BYTES]) for start in range(1, end, BYTES)]
    return ids, content[end:].decode()


def _path() -> str:
    return url_for("search.list_customers")

"""Addresses of lists of cases, including the review queue,
and the description of such a list in words.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import request, url_for

from webapp.blacklist import listing
from webapp.blacklist.filters import NO_DIAL_CODE, CaseFilter, Which
from webapp.blacklist.models import REASON_NAMES
from webapp.web.frame.return_to import ReturnTo, Where, asked_return
from webapp.web.words.formats import full_day
from webapp.web.words.terms import EVENT_NAMES, opener_name

FILTERS = ("which", "reason", "opener")


def queue_filters() -> CaseFilter:
    """The part of the queue that the present request is about,
    from the place that its form returns to, else from its address.

    Raises:
        Invalid: `invalid_query`.
    """
    return read_queue_filters(asked_return().filters or request.args)


def read_queue_filters(raw: Mapping[str, str]) -> CaseFilter:
    named = {name: raw.get(name, "") for name in FILTERS}
    named["which"] = named["which"] or Which.WAITING
    filters = CaseFilter.read(named)
    return filters if filters.which is Which.OVERDUE else replace(filters, which=Which.WAITING)


def queue_arguments(filters: CaseFilter | None) -> dict[str, str]:
    """The filters of a queue as query arguments; defaults are left out."""
    if filters is None:
        return {}
    named = {name: str(getattr(filters, name) or "") for name in FILTERS}
    return {name: value for name, value in named.items() if value and value != Which.WAITING}


def queue_url(filters: CaseFilter | None, *, view: str = "", **more: Any) -> str:
    """The address of the queue, or of another view with the same filters."""
    view = view or ("blacklist.review_case" if more.get("case_seq") else "blacklist.review_queue")
    arguments: dict[str, Any] = queue_arguments(filters) | {
        name: _text(value) for name, value in more.items() if value
    }
    return url_for(view, **arguments)


def address_of(place: ReturnTo, customer_id: UUID) -> str:
    """Where to send a plain request after an action: the page it began on, or the customer's."""
    filters = read_queue_filters(place.filters)
    if place.where is Where.QUEUE:
        return queue_url(filters, case_seq=place.case_seq, onward=place.onward)
    if place.where is Where.WAITING:
        return queue_url(filters, view="blacklist.list_waiting")
    return url_for("customers.show_customer", customer_id=customer_id)


def cases_url(filters: CaseFilter | None = None, **more: Any) -> str:
    """The address of a list of cases."""
    if filters:
        more = {field.name: getattr(filters, field.name) for field in fields(filters)} | more
    arguments: dict[str, Any] = {
        name: _text(value) for name, value in more.items() if value and (name, value) != ("page", 1)
    }
    query = f"?{urlencode(arguments)}" if arguments else ""
    return _all_cases() + query


def cases_export_url(filters: CaseFilter) -> str:
    """The address that a list of cases is exported from."""
    return cases_url(filters).replace(_all_cases(), url_for("blacklist.export_cases"), 1)


@cache
def _all_cases() -> str:
    """Made once, because the figures link to a hundred lists."""
    return url_for("blacklist.list_cases")


def _text(value: Any) -> str:
    return (
        value.isoformat() if hasattr(value, "isoformat") else "1" if value is True else str(value)
    )


def describe(filters: CaseFilter) -> list[str]:
    """Describe what a list holds."""
    words = {
        "open": "open now",
        "waiting": "needs review",
        "overdue": "overdue",
        "closed": "closed",
    }
    parts = [words[filters.which]] if filters.which else []
    if filters.happened:
        parts.append(EVENT_NAMES[filters.happened].lower())
    if filters.first:
        parts.append(f"from {full_day(filters.first)}")
    if filters.last:
        parts.append(f"until {full_day(filters.last)}")
    if filters.reason:
        parts.append(REASON_NAMES[filters.reason])
    if filters.opener:
        named = replace(filters.opener, name=listing.name_of(filters.opener))
        parts.append(f"opened by {opener_name(named)}")
    if filters.dial_code:
        parts.append(
            "without a country" if filters.dial_code == NO_DIAL_CODE else filters.dial_code
        )
    if filters.again:
        parts.append("the last one of everybody blacklisted again")
    return parts

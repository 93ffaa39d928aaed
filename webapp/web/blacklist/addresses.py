"""Addresses of lists of cases, the review queue among them, and what such a list is asked for in
words.
"""

from dataclasses import fields, replace
from typing import Any

from flask import request, url_for

from webapp.blacklist import listing
from webapp.blacklist.filters import NO_DIAL_CODE, CaseFilter, Which
from webapp.blacklist.models import REASON_NAMES

FILTERS = ("which", "reason", "opener")


def wanted_in_queue() -> CaseFilter:
    """The part of the queue that the present request is about: by its address, or a form that came
    from there.

    Raises:
        Invalid: `invalid_query`.
    """
    given = {name: request.values.get(name, "") for name in FILTERS}
    given["which"] = given["which"] or Which.WAITING
    wanted = CaseFilter.asked_for(given)
    return wanted if wanted.which is Which.OVERDUE else replace(wanted, which=Which.WAITING)


def queue_arguments(wanted: CaseFilter | None) -> dict[str, str]:
    """The filters of a queue as they stand in an address; defaults are left out."""
    if wanted is None:
        return {}
    named = {name: str(getattr(wanted, name) or "") for name in FILTERS}
    return {name: value for name, value in named.items() if value and value != Which.WAITING}


def queue_url(wanted: CaseFilter | None, *, view: str = "", **more: Any) -> str:
    """The address of the queue, or of another view of it, with its filters."""
    view = view or ("blacklist.review_case" if more.get("case_seq") else "blacklist.review_queue")
    arguments: dict[str, Any] = queue_arguments(wanted) | {
        name: value for name, value in more.items() if value
    }
    return url_for(view, **arguments)


def cases_url(wanted: CaseFilter | None = None, **given: Any) -> str:
    """The address of a list of cases."""
    if wanted:
        given = {field.name: getattr(wanted, field.name) for field in fields(wanted)} | given
    arguments: dict[str, Any] = {
        name: _text(value)
        for name, value in given.items()
        if value and (name, value) != ("page", 1)
    }
    return url_for("blacklist.list_cases", **arguments)


def _text(value: Any) -> str:
    return (
        value.isoformat() if hasattr(value, "isoformat") else "1" if value is True else str(value)
    )


def told_of(wanted: CaseFilter) -> list[str]:
    """What a list is asked for, in words."""
    words = {
        "open": "open now",
        "waiting": "waiting for review",
        "overdue": "overdue",
        "closed": "closed",
    }
    told = [words[wanted.which]] if wanted.which else []
    if wanted.happened:
        told.append(wanted.happened.value.replace("_", " "))
    if wanted.first:
        told.append(f"from {wanted.first:%-d %b %Y}")
    if wanted.last:
        told.append(f"until {wanted.last:%-d %b %Y}")
    if wanted.reason:
        told.append(REASON_NAMES[wanted.reason])
    if wanted.opener:
        told.append(f"opened by {listing.name_of(wanted.opener)}")
    if wanted.dial_code:
        told.append("without a country" if wanted.dial_code == NO_DIAL_CODE else wanted.dial_code)
    if wanted.again:
        told.append("the last case of everybody blacklisted more than once")
    return told

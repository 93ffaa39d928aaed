"""Addresses of lists: the whole state of a list is in its URL, with the search text encrypted."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from webapp.kernel import crypto
from webapp.kernel.refusals import InvalidQuery
from webapp.search.filters import CustomerFilter

DEFAULTS = CustomerFilter()


class SearchUnreadable(InvalidQuery):
    sentence = "The search in this address cannot be opened"


def seal_text(text: str) -> str:
    return crypto.encrypt_token("search", text.encode())


def unseal_text(sealed: str) -> str:
    """The search text in an address.

    Raises:
        Invalid: `invalid_query`; the address was cut off or altered on the way.
    """
    if not sealed:
        return ""
    opened = crypto.decrypt_token("search", sealed)
    if opened is None:
        raise SearchUnreadable({"s": ["It was cut or altered"]})
    return opened.decode()


def filters_of_address() -> CustomerFilter:
    return filters_of(request.args)


def filters_of(arguments: Mapping[str, str]) -> CustomerFilter:
    """The filters that the query of an address has; see `list_arguments`."""
    return CustomerFilter.read(arguments, text=unseal_text(arguments.get("s", "")))


def list_arguments(filters: CustomerFilter) -> dict[str, str]:
    """The query of the address for this search; defaults are left out."""
    names = ("standing", "dial_code", "created_from", "created_to", "sort", "rows", "page")
    values = {
        name: getattr(filters, name)
        for name in names
        if getattr(filters, name) != getattr(DEFAULTS, name)
    }
    if filters.country:
        values["dial_code"] = filters.country
    arguments = {name: str(value) for name, value in values.items()}
    return arguments | ({"s": seal_text(filters.text)} if filters.text else {})


def list_url(filters: CustomerFilter, **changes: Any) -> str:
    """The address of a list, or of the same list with something changed;
    a change leads to its first page.
    """
    filters = replace(filters, **({"page": 1} | changes)).normal() if changes else filters
    arguments = list_arguments(filters)
    return _all_customers() + (f"?{urlencode(arguments)}" if arguments else "")


@cache
def _all_customers() -> str:
    """Made once, because a list has a dozen addresses of its other pages and orders."""
    return url_for("search.list_customers")


def page_numbers(number: int, count: int) -> list[int | None]:
    """The pages that a pager offers: the first, the last, and
    those around this one, with `None` for a gap.
    """
    near = {1, count, *range(max(1, number - 1), min(count, number + 1) + 1)}
    offered: list[int | None] = []
    for page in sorted(near):
        if offered and isinstance(offered[-1], int) and page - offered[-1] > 1:
            offered.append(None)
        offered.append(page)
    return offered

"""The list of customers, and searching in it."""

from contextlib import suppress
from operator import itemgetter
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from webapp.customers.numbering.countries import dial_codes
from webapp.http.doors import needs
from webapp.search import results
from webapp.search.filters import CustomerFilter
from webapp.search.timeout import SearchTooWide
from webapp.staff.permissions import Permission
from webapp.web.frame.htmx import go_to, refused, wants_fragment, whole_or_part
from webapp.web.frame.reading_budget import count_read
from webapp.web.search import search
from webapp.web.search.addresses import filters_of_address, list_url
from webapp.web.search.pages import ListCustomers
from webapp.web.search.rows import RowMenu, Rows
from webapp.web.words.formats import reader_zone


@search.get("/customers")
@needs(Permission.SEE_CUSTOMERS)
def list_customers() -> ResponseReturnValue:
    return _list(filters_of_address())


def _list(filters: CustomerFilter) -> Response:
    refusal = None
    try:
        page = results.page_of(filters, reader_zone())
    except SearchTooWide as too_wide:
        page, refusal = results.Page((), 1, filters.rows, 0), too_wide
    count_read(len(page.rows))
    shown = whole_or_part(list_of(filters, page, refusal))
    return refused(shown, refusal) if refusal else shown.response()


def list_of(
    filters: CustomerFilter, page: results.Page, refusal: SearchTooWide | None = None
) -> ListCustomers:
    rows, menu = Rows(filters.understood), RowMenu.of_the_reader()
    return ListCustomers(
        filters=filters,
        page=page,
        rows=[rows.view(row) for row in page.rows],
        dial_codes_offered={} if wants_fragment() else _dial_codes_offered(filters.dial_code),
        menu=menu,
        refusal=refusal,
    )


def _dial_codes_offered(chosen: str | None) -> dict[str, str]:
    names, used = dial_codes(), results.dial_codes_in_use() | {chosen or ""}
    return dict(sorted(((code, names[code]) for code in used & names.keys()), key=itemgetter(1)))


@search.post("/customers/search")
@needs(Permission.SEE_CUSTOMERS)
def search_customers() -> ResponseReturnValue:
    """Search for what was typed, at an address that has it encrypted;
    Enter opens the only hit.
    """
    filters = CustomerFilter.read(request.form, text=request.form.get("q", ""))
    if wants_fragment():
        response = _list(filters)
        response.headers["HX-Push-Url"] = list_url(filters)
        return response
    only = _only_match(filters) if filters.text and "open" in request.form else None
    return go_to(
        url_for("customers.show_customer", customer_id=only) if only else list_url(filters)
    )


def _only_match(filters: CustomerFilter) -> UUID | None:
    with suppress(SearchTooWide):  # the list reports it
        return results.only_match(filters, reader_zone())
    return None

"""The list of customers, and searching in it."""

from contextlib import suppress
from uuid import UUID

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.http.doors import needs, status_of
from webapp.search import results
from webapp.search.filters import CustomerFilter
from webapp.search.timeout import SearchTooWide
from webapp.staff.permissions import Permission
from webapp.web.frame.htmx import go_to, wants_fragment
from webapp.web.frame.jinja import reader_zone
from webapp.web.frame.reading_budget import count_read
from webapp.web.search import search
from webapp.web.search.addresses import list_url, wanted_by_address


@search.get("/customers")
@needs(Permission.SEE_CUSTOMERS)
def list_customers() -> ResponseReturnValue:
    return _list(wanted_by_address())


def _list(wanted: CustomerFilter) -> tuple[str, int]:
    refusal = None
    try:
        page = results.page_of(wanted, reader_zone())
    except SearchTooWide as too_wide:
        page, refusal = results.Page((), 1, wanted.rows, 0), too_wide
    count_read(len(page.rows))
    template = "customers/_results.html" if wants_fragment() else "customers/list_customers.html"
    return render_template(template, wanted=wanted, page=page, refusal=refusal), status_of(
        refusal
    ) if refusal else 200


@search.post("/customers/search")
@needs(Permission.SEE_CUSTOMERS)
def search_customers() -> ResponseReturnValue:
    """Takes what was typed and leads to the address where it stands sealed; Enter opens the only
    hit.
    """
    wanted = CustomerFilter.asked_for(request.form, text=request.form.get("q", ""))
    if wants_fragment():
        response = make_response(_list(wanted))
        response.headers["HX-Push-Url"] = list_url(wanted)
        return response
    only = _only_match(wanted) if wanted.text and "open" in request.form else None
    return go_to(url_for("customers.show_customer", customer_id=only) if only else list_url(wanted))


def _only_match(wanted: CustomerFilter) -> UUID | None:
    with suppress(SearchTooWide):  # the list says so
        return results.only_match(wanted, reader_zone())
    return None

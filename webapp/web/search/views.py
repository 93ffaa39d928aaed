"""The list of customers, and searching in it."""

from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from uuid import UUID

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from webapp.customers.numbering.countries import dial_codes, other_countries
from webapp.http.doors import needs
from webapp.kernel import clock
from webapp.kernel.fields import printable
from webapp.kernel.folding import fold
from webapp.kernel.refusals import Invalid
from webapp.search import results, saved_views
from webapp.search.close_names import close_names
from webapp.search.filters import CustomerFilter, Period
from webapp.search.timeout import SearchTooWide
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import may_visitor, visitor
from webapp.web.frame.htmx import flash_success, go_to, refused, wants_fragment, whole_or_part
from webapp.web.frame.page_form import Options
from webapp.web.frame.reading_budget import count_read
from webapp.web.search import search
from webapp.web.search.addresses import filters_of_address, list_url
from webapp.web.search.last_list import note_list
from webapp.web.search.pages import CustomerMatches, ListCustomers
from webapp.web.search.recently_viewed import recently_viewed
from webapp.web.search.rows import RowMenu, Rows
from webapp.web.search.saved_views import saved_part, view_links
from webapp.web.words.formats import reader_zone

FOUND_SHOWN = 8


@search.get("/customers")
@needs(Permission.SEE_CUSTOMERS)
def list_customers() -> ResponseReturnValue:
    return _list(filters_of_address())


def _list(filters: CustomerFilter) -> Response:
    shown = _found(filters)
    note_list(shown.page.rows, filters)
    part = whole_or_part(shown)
    return refused(part, shown.refusal) if shown.refusal else part.response()


def _found(filters: CustomerFilter) -> ListCustomers:
    """The list, or the list without rows and why it has none."""
    refusal = None
    try:
        page = results.page_of(filters, reader_zone())
    except SearchTooWide as too_wide:
        page, refusal = results.Page((), 1, filters.rows, 0), too_wide
    count_read(len(page.rows))
    return list_of(filters, page, refusal)


def list_of(
    filters: CustomerFilter, page: results.Page, refusal: SearchTooWide | None = None
) -> ListCustomers:
    rows, menu = Rows(filters.understood), RowMenu.of_the_reader()
    is_nobody = bool(filters.text) and not page.rows and not refusal
    close = close_names(filters, reader_zone()) if is_nobody else []
    return ListCustomers(
        filters=filters,
        page=page,
        rows=[rows.view(row) for row in page.rows],
        countries_offered=None if wants_fragment() else _countries_offered(filters.numbers_of),
        menu=menu,
        views=view_links(filters),
        refusal=refusal,
        close=[rows.view(row) for row in close],
    )


def _countries_offered(chosen: str | None) -> Markup:
    used = frozenset(results.countries_in_use() | {chosen or ""})
    return _country_options(used).chosen(chosen)


@lru_cache(maxsize=8)
def _country_options(used: frozenset[str]) -> Options:
    codes = {code: f"{name} {code}" for code, name in dial_codes().items()}
    others = {code: f"{one.name} {one.dial_code}" for code, one in other_countries().items()}
    named = {code: name for code, name in (codes | others).items() if code in used}
    by_name = dict(sorted(named.items(), key=lambda item: fold(item[1])))
    return Options({"": {"": "Any country"} | by_name})


@search.post("/customers/search")
@needs(Permission.SEE_CUSTOMERS)
def search_customers() -> ResponseReturnValue:
    """Search for what was typed, at an address that has it encrypted;
    Enter opens the only hit.
    """
    sent, text = _with_days_by_name(), request.form.get("q", "")
    try:
        filters = CustomerFilter.read(sent, text=text)
    except Invalid as refusal:
        if wants_fragment():
            raise  # a message says so, and the form stays as it is
        return _asked_again(sent, text, refusal)
    if wants_fragment():
        response = _list(filters)
        response.headers["HX-Push-Url"] = list_url(filters)
        return response
    only = _only_match(filters) if filters.text and "open" in request.form else None
    return go_to(
        url_for("customers.show_customer", customer_id=only) if only else list_url(filters)
    )


def _asked_again(sent: dict[str, str], text: str, refusal: Invalid) -> Response:
    """The list by those filters that can be read, and the form as it was typed."""
    readable = {name: value for name, value in sent.items() if name not in refusal.fields}
    filters = CustomerFilter.read(readable, text=text)
    return refused(replace(_found(filters), typed=sent, problems=refusal.fields), refusal)


def _with_days_by_name() -> dict[str, str]:
    """What was sent; days that were asked for by name replace those that were typed."""
    sent, name = request.form.to_dict(), request.form.get("created", "")
    if name in {period.value for period in Period}:
        first, last = Period(name).days(clock.now().astimezone(reader_zone()).date())
        sent |= {"created_from": first.isoformat(), "created_to": last.isoformat()}
    return sent


@search.post("/customers/views")
@needs(Permission.SEE_CUSTOMERS)
def save_view() -> ResponseReturnValue:
    filters = CustomerFilter.read(request.form)
    name, is_shared = request.form.get("name", ""), "shared" in request.form
    try:
        view = saved_views.save_view(
            name, saved_part(filters), is_shared=is_shared, owner_id=visitor().id
        )
    except Invalid as refusal:
        typed = {"name": printable(name, instead="\ufffd")} | ({"shared": ""} if is_shared else {})
        shown = replace(_found(filters), typed_view=typed, problems=refusal.fields)
        return refused(shown, refusal)
    flash_success(f"The view {view.name} is saved.")
    return go_to(list_url(filters))


@search.post("/customers/views/<int(max=9223372036854775807):view_seq>/delete")
@needs(Permission.SEE_CUSTOMERS)
def delete_view(view_seq: int) -> ResponseReturnValue:
    name = saved_views.delete_view(
        view_seq, by_id=visitor().id, any_shared=may_visitor(Permission.MANAGE_STAFF)
    )
    flash_success(f"The view {name} is deleted.")
    return go_to(url_for("search.list_customers"))


@search.post("/customers/find")
@needs(Permission.SEE_CUSTOMERS)
def find_customers() -> ResponseReturnValue:
    """The first few that match what is typed into the field of every page; the customers looked at
    last if nothing is.
    """
    filters = CustomerFilter.read({}, text=request.form.get("q", ""))
    if not wants_fragment():
        return go_to(list_url(filters))
    rows, refusal, total, capped = Rows(filters.understood), None, 0, False
    listed = recently_viewed()
    if filters.text:
        try:
            page = results.page_of(filters, reader_zone())
            listed, total, capped = page.rows[:FOUND_SHOWN], page.total, page.capped
        except SearchTooWide as too_wide:
            listed, refusal = (), too_wide
    count_read(len(listed))
    return CustomerMatches(
        text=filters.text,
        rows=[rows.view(row) for row in listed],
        total=total,
        capped=capped,
        refusal=refusal,
    )


def _only_match(filters: CustomerFilter) -> UUID | None:
    with suppress(SearchTooWide):  # the list reports it
        return results.only_match(filters, reader_zone())
    return None

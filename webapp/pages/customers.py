"""Customers: the list, and the page of one."""

from datetime import timedelta
from uuid import UUID

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import clock, history
from webapp.customers import blacklist, directory, search
from webapp.customers.lookalikes import possible_duplicates
from webapp.customers.search import Search
from webapp.errors import Invalid
from webapp.history import HistoryEntry
from webapp.http import needs
from webapp.pages import pages, unsaved
from webapp.pages.doorway import visitor
from webapp.pages.fragments import go_to, wants_fragment
from webapp.pages.lists import list_url, wanted_by_address
from webapp.pages.presentation import reader_zone
from webapp.staff.access import Permission

ENTRIES_SHOWN = 20
TOLD_FOR = timedelta(days=1)


@pages.get("/customers")
@needs(Permission.SEE_CUSTOMERS)
def list_customers() -> ResponseReturnValue:
    return _list(wanted_by_address())


def _list(wanted: Search) -> ResponseReturnValue:
    page = search.page_of(wanted, reader_zone())
    if not wants_fragment():
        unsaved.forget()
    template = "customers/_results.html" if wants_fragment() else "customers/list_customers.html"
    return render_template(template, wanted=wanted, page=page)


@pages.post("/customers/search")
@needs(Permission.SEE_CUSTOMERS)
def search_customers() -> ResponseReturnValue:
    """Takes what was typed and leads to the address where it stands sealed; Enter opens the only hit."""
    wanted = Search.asked_for(request.form, text=request.form.get("q", ""))
    if wants_fragment():
        response = make_response(_list(wanted))
        response.headers["HX-Push-Url"] = list_url(wanted)
        return response
    only = search.only_match(wanted, reader_zone()) if wanted.text and "open" in request.form else None
    return go_to(url_for("pages.show_customer", customer_id=only) if only else list_url(wanted))


@pages.get("/customers/<uuid:customer_id>")
@needs(Permission.SEE_CUSTOMERS)
def show_customer(customer_id: UUID) -> ResponseReturnValue:
    customer, before = directory.get_customer(customer_id), _entry_number(request.args.get("before"))
    entries = history.entries_of(customer.subject, before=before, limit=ENTRIES_SHOWN)
    unsaved.forget()
    return render_template(
        "customers/show_customer.html",
        customer=customer,
        last=history.entries_of(customer.subject, limit=1)[0] if before else entries[0],
        case=blacklist.find_open(customer),
        entries=entries,
        before=before,
        created=history.first_entry(customer.subject),
        merged_over=None if before else _merged_over(entries),
        duplicates=possible_duplicates(customer.details, other_than=customer.seq),
    )


def _entry_number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid(
            "invalid_query", "This address has a part that means nothing", {"before": ["It must be a number"]}
        )
    return int(text)


def _merged_over(entries: list[HistoryEntry]) -> HistoryEntry | None:
    """The change of somebody else that was lately merged with one of the reader's, so that both are told."""
    me, since = visitor().id, clock.now() - TOLD_FOR
    mine = {entry.version for entry in entries if entry.actor_kind == "staff" and entry.actor_id == me}
    for entry in entries:
        seen = entry.based_on if entry.based_on is not None else entry.version
        if entry.at > since and entry.version not in mine and mine & set(range(seen + 1, entry.version)):
            return entry
    return None

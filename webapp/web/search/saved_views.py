"""Saved views on pages: links above the list, counts on the home page."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from webapp.http.doors import needs
from webapp.kernel.fields import printable
from webapp.kernel.refusals import Invalid
from webapp.search import results, saved_views
from webapp.search.filters import CustomerFilter
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import may_visitor, visitor
from webapp.web.frame.htmx import flash_notice, flash_success, go_to
from webapp.web.search import search
from webapp.web.search.addresses import list_arguments, list_url
from webapp.web.words.formats import reader_zone

MAX_SHOWN = 20
NOT_SAVED = {"s", "page"}


@dataclass(frozen=True)
class SavedViewRow:
    """A saved view as pages show it.

    Attributes:
        count: How many customers it shows; `None` where that is not counted.
        is_own: The reader saved it.
        may_delete: The reader saved it, or looks after staff.
        is_present: The list shows it now.
    """

    seq: int
    name: str
    address: str
    count: int | None
    is_shared: bool
    is_own: bool
    may_delete: bool
    is_present: bool


def view_links(
    present: CustomerFilter | None = None, *, counted: bool = False
) -> list[SavedViewRow]:
    """The views that the reader may open, their own first."""
    links: list[SavedViewRow] = []
    for view in saved_views.views_of(visitor().id)[:MAX_SHOWN]:
        with suppress(Invalid):  # saved by a release that knew other filters
            links.append(_link(view, present, counted))
    return links


def _link(view: Any, present: CustomerFilter | None, counted: bool) -> SavedViewRow:
    filters = CustomerFilter.read(view.filters)
    is_present = present is not None and _saved_part(present) == _saved_part(filters)
    return SavedViewRow(
        seq=view.seq,
        name=view.name,
        address=list_url(filters),
        count=results.count_of(filters, reader_zone()) if counted else None,
        is_shared=view.is_shared,
        is_own=view.owner_id == visitor().id,
        may_delete=view.owner_id == visitor().id or may_visitor(Permission.MANAGE_STAFF),
        is_present=is_present and not (present and present.text),
    )


def _saved_part(filters: CustomerFilter) -> dict[str, str]:
    """What a view keeps of the address of a list."""
    return {name: value for name, value in list_arguments(filters).items() if name not in NOT_SAVED}


@search.post("/customers/views")
@needs(Permission.SEE_CUSTOMERS)
def save_view() -> ResponseReturnValue:
    filters = CustomerFilter.read(request.form)
    try:
        view = saved_views.save_view(
            request.form.get("name", ""),
            _saved_part(filters),
            is_shared="shared" in request.form,
            owner_id=visitor().id,
        )
        flash_success(f"The view {view.name} is saved.")
    except Invalid as refusal:
        problem = " ".join(text for some in refusal.fields.values() for text in some)
        typed = printable(request.form.get("name", ""), instead="?")
        flash_notice(f"{problem}. You typed: “{typed}”.")
    return go_to(list_url(filters))


@search.post("/customers/views/<int(max=9223372036854775807):view_seq>/delete")
@needs(Permission.SEE_CUSTOMERS)
def delete_view(view_seq: int) -> ResponseReturnValue:
    name = saved_views.delete_view(
        view_seq, by_id=visitor().id, any_shared=may_visitor(Permission.MANAGE_STAFF)
    )
    flash_success(f"The view {name} is deleted.")
    return go_to(url_for("search.list_customers"))

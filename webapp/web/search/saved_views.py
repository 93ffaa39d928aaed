"""Saved views on pages: links above the list, counts on the home page."""

from contextlib import suppress
from dataclasses import dataclass

from webapp.kernel.refusals import Invalid
from webapp.search import results, saved_views
from webapp.search.filters import CustomerFilter
from webapp.search.models import SavedView
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import may_visitor, visitor
from webapp.web.search.addresses import list_arguments, list_url
from webapp.web.words.formats import reader_zone

MAX_SHARED_SHOWN = 30
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
    """The views that the reader may open: all of their own, then the first that others share."""
    views, links = saved_views.views_of(visitor().id), list[SavedViewRow]()
    own = [view for view in views if view.owner_id == visitor().id]
    for view in [*own, *views[len(own) :][:MAX_SHARED_SHOWN]]:
        with suppress(Invalid):  # saved by a release that knew other filters
            links.append(_link(view, present, counted))
    return links


def _link(view: SavedView, present: CustomerFilter | None, counted: bool) -> SavedViewRow:
    filters = CustomerFilter.read(view.filters)
    is_present = present is not None and saved_part(present) == saved_part(filters)
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


def saved_part(filters: CustomerFilter) -> dict[str, str]:
    """What a view keeps of the address of a list."""
    return {name: value for name, value in list_arguments(filters).items() if name not in NOT_SAVED}

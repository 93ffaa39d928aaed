"""The list of customers, and one row of it: what each template shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.http.page import Page
from webapp.search import results
from webapp.search.filters import CustomerFilter
from webapp.search.timeout import SearchTooWide
from webapp.web.search.rows import RowMenu, RowView


@dataclass(frozen=True, kw_only=True)
class ListCustomers(Page):
    """A page of the list.

    Attributes:
        rows: Those of the page, and
        menu: what is offered for each.
        refusal: Why nothing is listed: the search would take too long.
    """

    template = "search/list_customers.html"
    filters: CustomerFilter
    page: results.Page
    rows: Sequence[RowView]
    menu: RowMenu
    refusal: SearchTooWide | None


@dataclass(frozen=True, kw_only=True)
class CustomerRow(Page):
    """One row of the list, drawn anew after something was done."""

    template = "search/_row.html"
    row: RowView
    menu: RowMenu

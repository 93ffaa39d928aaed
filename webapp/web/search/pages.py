"""The list of customers, and one row of it: what each template shows."""

from dataclasses import dataclass

from webapp.http.page import Page
from webapp.search import results
from webapp.search.filters import CustomerFilter
from webapp.search.results import ListRow
from webapp.search.timeout import SearchTooWide
from webapp.web.frame.return_to import ReturnTo, Where


def to_the_row() -> str:
    """What dialogs that a row opens are told: draw that row anew."""
    return ReturnTo(Where.ROW).sealed()


@dataclass(frozen=True, kw_only=True)
class ListCustomers(Page):
    """A page of the list.

    Attributes:
        refusal: Why nothing is listed: the search would take too long.
        return_to: What dialogs that a row opens are told.
    """

    template = "search/list_customers.html"
    filters: CustomerFilter
    page: results.Page
    refusal: SearchTooWide | None
    return_to: str


@dataclass(frozen=True, kw_only=True)
class CustomerRow(Page):
    """One row of the list, drawn anew after something was done."""

    template = "search/_row.html"
    row: ListRow
    return_to: str

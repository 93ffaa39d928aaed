"""Pages of the list of customers, and one row of it: what each template shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from markupsafe import Markup

from webapp.history.entries import HistoryEntry
from webapp.http.page import Page
from webapp.kernel.refusals import Invalid
from webapp.search import results
from webapp.search.filters import CustomerFilter
from webapp.search.timeout import SearchTooWide
from webapp.transfer.export_files import ExportFile
from webapp.web.search.rows import RowMenu, RowView
from webapp.web.search.saved_views import SavedViewRow


@dataclass(frozen=True, kw_only=True)
class ListCustomers(Page):
    """A page of the list.

    Attributes:
        rows: The rows of the page.
        countries_offered: Options of a select: those of the book, and the one in use; `None` where
            only the results are drawn.
        menu: What the menu of each row offers.
        views: The saved views that the reader may open.
        close: People with nearly the name that was searched for, if nobody has it.
        refusal: Why nothing is listed: the search is too wide.
        typed: What was sent, if some of it could not be read.
        typed_view: The name of a view that was not saved, and `shared` if it was to be.
        problems: What is wrong with that, by field.
    """

    template = "search/list_customers.html"
    bundles = ()
    filters: CustomerFilter
    page: results.Page
    rows: Sequence[RowView]
    countries_offered: Markup | None
    menu: RowMenu
    refusal: SearchTooWide | None
    views: Sequence[SavedViewRow] = ()
    close: Sequence[RowView] = ()
    typed: Mapping[str, str] = field(default_factory=dict)
    typed_view: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        return bool(self.problems)


@dataclass(frozen=True, kw_only=True)
class CustomerMatches(Page):
    """What stands under the search field of every page.

    Attributes:
        text: What was typed; empty for the customers looked at last.
        rows: The first that match.
        total: How many match.
        refusal: Why nothing is listed: the search is too wide.
    """

    template = "search/_found.html"
    text: str
    rows: Sequence[RowView]
    total: int
    capped: bool = False
    refusal: SearchTooWide | None = None


@dataclass(frozen=True, kw_only=True)
class ExportCustomers(Page):
    """What a list is taken along with.

    Attributes:
        description: The filters in words.
        arguments: Of the address of the list.
        number: How many customers it has, at least if `is_capped`.
        columns: All that can be chosen.
        chosen: Those that are.
    """

    template = "search/export_customers.html"
    filters: CustomerFilter
    description: str
    arguments: Mapping[str, str]
    number: int
    is_capped: bool
    columns: Sequence[str]
    chosen: Sequence[str]
    refusal: Invalid | None

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None


@dataclass(frozen=True, kw_only=True)
class ListFiles(Page):
    """The long exports that the reader has asked for within a day."""

    template = "search/list_files.html"
    files: Sequence[ExportFile]


@dataclass(frozen=True, kw_only=True)
class ListExports(Page):
    """Who took customers along, newest first."""

    template = "search/list_exports.html"
    entries: Sequence[HistoryEntry]


@dataclass(frozen=True, kw_only=True)
class CustomerRow(Page):
    """One row of the list, redrawn after an action."""

    template = "search/_row.html"
    row: RowView

"""A row of the list as its template shows it, computed here once, in Python."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Self

from flask import url_for
from markupsafe import Markup, escape

from webapp.customers.numbering.phones import shown_phone
from webapp.kernel import clock
from webapp.kernel.marking import marked
from webapp.search.query import Query
from webapp.search.results import ListRow
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import may_visitor
from webapp.web.frame.jinja import country_of
from webapp.web.frame.return_to import ReturnTo, Where
from webapp.web.words.formats import Ago


@dataclass(frozen=True)
class RowMenu:
    """What the one menu of all rows offers to the reader.

    Attributes:
        customers: The prefix of the addresses of customers.
        return_to: Encrypted; makes actions in dialogs redraw the row.
    """

    customers: str
    may_edit: bool
    may_blacklist: bool
    may_lift: bool
    return_to: str

    @classmethod
    def of_the_reader(cls) -> Self:
        return cls(
            customers=url_for("search.list_customers"),
            may_edit=may_visitor(Permission.EDIT_CUSTOMERS),
            may_blacklist=may_visitor(Permission.BLACKLIST),
            may_lift=may_visitor(Permission.REVIEW),
            return_to=ReturnTo(Where.ROW).sealed(),
        )


class MomentView(NamedTuple):
    """A moment as a list words it, and exactly (ISO 8601)."""

    text: str
    exact: str


class RowView(NamedTuple):
    """One row.

    Attributes:
        address: The address of the customer's page.
        name: With marks where the search matches.
        email: Marked likewise.
        phone: Marked likewise, in international format; empty if there is none.
        country: Code and name of the country.
    """

    id: str
    address: str
    full_name: str
    name: str
    email: str
    phone: str
    country: dict[str, str]
    blacklisted: bool
    waiting: bool
    created: MomentView
    updated: MomentView


class Rows:
    """Makes the rows of one page; what they have in common is asked for once."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._customers = url_for("search.list_customers")
        self._ago = Ago()

    def view(self, row: ListRow) -> RowView:
        phone = shown_phone(row.phone).international if row.phone else ""
        customer_id = str(row.id)
        return RowView(
            id=customer_id,
            address=f"{self._customers}/{customer_id}",
            full_name=row.full_name,
            name=mark(row.full_name, self._query.words),
            email=mark(row.email, self._query.words),
            phone=mark(phone, self._query.digits, digits_only=True),
            country=country_of(row),
            blacklisted=row.blacklisted,
            waiting=row.waiting,
            created=self._moment(row.created_at),
            updated=self._moment(row.updated_at),
        )

    def _moment(self, at: datetime) -> MomentView:
        return MomentView(self._ago.text(at), clock.in_iso(at))


def mark(text: str, fragments: Collection[str], *, digits_only: bool = False) -> str:
    """The text as it is if nothing was searched for; otherwise escaped for HTML, with a `mark`
    around each part that the search matched.
    """
    if not fragments:
        return text
    pieces = marked(text, fragments, digits_only=digits_only)
    return Markup().join(
        Markup("<mark>{}</mark>").format(piece) if is_hit else escape(piece)
        for piece, is_hit in pieces
    )

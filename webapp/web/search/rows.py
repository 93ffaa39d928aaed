"""A row of the list as its template shows it, computed here once, in Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from flask import url_for
from markupsafe import Markup, escape

from webapp.customers.phones import shown_phone
from webapp.kernel import clock
from webapp.kernel.marking import marked
from webapp.search.query import Query
from webapp.search.results import ListRow
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import may_visitor
from webapp.web.frame.jinja import country_of
from webapp.web.frame.return_to import ReturnTo, Where
from webapp.web.frame.words import ago


@dataclass(frozen=True)
class RowMenu:
    """What the menu of every row offers to the reader.

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


@dataclass(frozen=True)
class MomentView:
    """A moment as a list words it, and exactly (ISO 8601)."""

    text: str
    exact: str

    @classmethod
    def of(cls, moment: datetime) -> Self:
        return cls(ago(moment), clock.in_iso(moment))


@dataclass(frozen=True)
class RowView:
    """One row.

    Attributes:
        customer: The row as the search found it.
        name: With marks where the search matches.
        email: Marked likewise.
        phone: Marked likewise, in international format; empty if there is none.
        country: Code and name of the country.
        address: The address of the customer's page.
    """

    customer: ListRow
    name: Markup
    email: Markup
    phone: Markup
    country: dict[str, str]
    address: str
    created: MomentView
    updated: MomentView

    @classmethod
    def of(cls, row: ListRow, query: Query, menu: RowMenu) -> Self:
        phone = shown_phone(row.phone).international if row.phone else ""
        return cls(
            customer=row,
            name=mark(row.full_name, query.words),
            email=mark(row.email, query.words),
            phone=mark(phone, query.digits, digits_only=True),
            country=country_of(row),
            address=f"{menu.customers}/{row.id}",
            created=MomentView.of(row.created_at),
            updated=MomentView.of(row.updated_at),
        )


def mark(text: str, fragments: Iterable[str], *, digits_only: bool = False) -> Markup:
    """The text, escaped for HTML, with a `mark` around each part that the search matched."""
    pieces = marked(text, fragments, digits_only=digits_only)
    return Markup().join(
        Markup("<mark>{}</mark>").format(piece) if is_hit else escape(piece)
        for piece, is_hit in pieces
    )

"""The home page, what each role starts the day with; and the help page."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.blacklist import listing
from webapp.blacklist.figures import Standing, standing
from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.listing import CasePage
from webapp.blacklist.models import Blacklisting
from webapp.blacklist.reviewing import decisions, recent_activity
from webapp.blacklist.reviewing.decisions import DecisionToRead
from webapp.blacklist.reviewing.recent_activity import RecentCustomer
from webapp.customers.models import Customer
from webapp.history.proofs import explained
from webapp.http.doors import needs
from webapp.http.page import Page
from webapp.kernel import clock
from webapp.kernel.fields import parse_int
from webapp.search.results import ListRow
from webapp.staff import unread
from webapp.staff.permissions import Permission
from webapp.web.frame.auth import may_visitor, visitor
from webapp.web.search.recently_viewed import recently_viewed
from webapp.web.search.saved_views import SavedViewRow, view_links
from webapp.web.words.terms import HELP

home = Blueprint("home", __name__)

CASES_SHOWN, DECISIONS_SHOWN = 5, 20


@dataclass(frozen=True, kw_only=True)
class ShowHome(Page):
    """What each role starts the day with.

    Attributes:
        views: The saved views that the reader may open, with counts.
        viewed: Customers whom the reader looked at last.
        recent: Customers whom the reader added, changed or blacklisted.
        decisions: Those that the reader has not read yet, at most `DECISIONS_SHOWN`.
        requests: Lift requests of the reader.
        queue: The cases that wait, of which `cases_shown` are shown; for managers.
        figures: How many cases there are; for managers.
        faults: How many faults of the history two people have not explained; for managers.
    """

    template = "home.html"
    bundles = ("page", "review")
    views: Sequence[SavedViewRow]
    viewed: Sequence[ListRow]
    recent: Sequence[RecentCustomer]
    decisions: Sequence[DecisionToRead]
    requests: Sequence[tuple[Blacklisting, Customer]]
    queue: CasePage | None
    cases_shown: int
    figures: Standing | None
    faults: int


@home.get("/")
@needs(Permission.SIGNED_IN)
def show_home() -> ResponseReturnValue:
    if not may_visitor(Permission.EDIT_CUSTOMERS):
        return redirect(url_for("search.list_customers"), 303)
    manages = may_visitor(Permission.REVIEW)
    queue = listing.page_of(CaseFilter(which=Which.WAITING)) if manages else None
    return ShowHome(
        views=view_links(counted=True),
        viewed=recently_viewed(),
        recent=recent_activity.recent_customers(visitor().id),
        decisions=_decisions_to_read() if visitor().unread else (),
        requests=recent_activity.lift_requests(visitor().id),
        queue=queue,
        cases_shown=CASES_SHOWN,
        figures=standing() if manages else None,
        faults=len(explained.unexplained() or ()) if manages else 0,
    )


def _decisions_to_read() -> Sequence[DecisionToRead]:
    return decisions.decisions_to_read(visitor().id, limit=DECISIONS_SHOWN)


@home.post("/decisions/read")
@needs(Permission.EDIT_CUSTOMERS)
def mark_decisions_read() -> ResponseReturnValue:
    """The reader has read the decisions that Home showed; others stay."""
    unread.mark_read(visitor().id, _shown(request.form.getlist("shown")[:DECISIONS_SHOWN]))
    return redirect(url_for("home.show_home"), 303)


def _shown(texts: Sequence[str]) -> Iterator[tuple[int, datetime]]:
    """The number of the case and the moment of each decision, from texts such as
    `12@2026-11-27T08:00:00.000Z`; what cannot be read is left out.
    """
    for text in texts:
        number, _, moment = text.partition("@")
        with suppress(ValueError, OverflowError):
            case_seq, at = parse_int(number), clock.read_moment(moment, UTC)
            if case_seq is not None:
                yield case_seq, at


@dataclass(frozen=True, kw_only=True)
class ShowHelp(Page):
    """The words of the pages, and the life of a blacklisting.

    Attributes:
        words: What each word means.
    """

    template = "help.html"
    bundles = ("page", "review")
    words: Mapping[str, str]


@home.get("/help")
@needs(Permission.SIGNED_IN)
def show_help() -> ResponseReturnValue:
    return ShowHelp(words=HELP)

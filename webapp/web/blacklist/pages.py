"""The pages of the blacklist: what each template shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from webapp.blacklist.figures import Overview
from webapp.blacklist.filters import CaseEvent, CaseFilter, Opener
from webapp.blacklist.listing import CasePage, CaseRow
from webapp.blacklist.models import Blacklisting, Decision
from webapp.blacklist.reviewing.evidence import Evidence
from webapp.blacklist.reviewing.marks import WaitingMark
from webapp.blacklist.reviewing.queue import Turn
from webapp.blacklist.screening import Verdict
from webapp.customers.erase import WaitingDeletion
from webapp.customers.models import Customer
from webapp.history.entries import HistoryEntry
from webapp.history.eyes import Tie
from webapp.http.page import Page
from webapp.kernel.refusals import Conflict, Invalid
from webapp.lookalikes.matches import Match
from webapp.lookalikes.signals import Lookalike
from webapp.web.blacklist.forms import (
    BlacklistingForm,
    CheckForm,
    EndForm,
    LiftForm,
    MarkForm,
    ReviewForm,
)
from webapp.web.frame.pages import FormPage
from webapp.web.words.terms import Finding


@dataclass(frozen=True, kw_only=True)
class SetEnd(FormPage):
    """When a blacklisting ends."""

    template = "blacklist/set_end.html"
    form: EndForm
    customer: Customer


@dataclass(frozen=True, kw_only=True)
class BlacklistCustomer(FormPage):
    template = "blacklist/blacklist_customer.html"
    form: BlacklistingForm
    customer: Customer


@dataclass(frozen=True, kw_only=True)
class ShowEvidence(Page):
    template = "blacklist/show_evidence.html"
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class LiftBlacklisting(FormPage):
    template = "blacklist/lift_blacklisting.html"
    form: LiftForm
    customer: Customer
    case: Blacklisting | None


@dataclass(frozen=True, kw_only=True)
class AskForLift(FormPage):
    template = "blacklist/ask_for_lift.html"
    form: LiftForm
    customer: Customer


@dataclass(frozen=True, kw_only=True)
class MarkDistinct(FormPage):
    template = "blacklist/mark_distinct.html"
    form: MarkForm
    customer: Customer
    other: Customer


@dataclass(frozen=True)
class CaseView:
    """A case with everything that a manager needs to decide it.

    Attributes:
        marked: Those of the look-alikes whose mark waits for a manager.
        former: Earlier e-mails, phones and names that still match, by kind.
        refusal: Why this manager may not decide it.
        other: The name of another manager who is at it.
        skip: The address of the case after it, if there is one.
        go_on: Encrypted; shows the case after it once this one is decided.
        stay: Encrypted; shows this case again after any other action.
    """

    case: Blacklisting
    customer: Customer
    entries: Sequence[HistoryEntry]
    lookalikes: Sequence[Lookalike]
    marked: Sequence[UUID]
    closed_cases: Sequence[Blacklisting]
    former: dict[str, list[str]]
    refusal: Conflict | None
    other: str | None
    form: ReviewForm
    skip: str | None
    go_on: str
    stay: str


@dataclass(frozen=True, kw_only=True)
class ReviewQueue(Page):
    """The case whose turn it is, with the next one already loaded.

    Attributes:
        openers: Who opened the open cases; for the filters above the case.
    """

    template = "blacklist/review_queue.html"
    bundles = ("page", "review")
    filters: CaseFilter
    turn: Turn | None
    present: CaseView | None
    following: CaseView | None
    openers: Sequence[Opener] = ()

    @property
    def is_refused(self) -> bool:
        return bool(self.present and self.present.form.problems)


@dataclass(frozen=True, kw_only=True)
class DecideCase(Page):
    """The form of one case of the queue, by itself."""

    template = "blacklist/_decide.html"
    shown: CaseView


@dataclass(frozen=True, kw_only=True)
class ListWaiting(Page):
    """The review queue as a list.

    Attributes:
        me: Everybody who counts as the same pair of eyes as the reader.
        others: The names of other managers who are at a case, by its number.
        return_to: Encrypted; leads back to this list.
    """

    template = "blacklist/list_waiting.html"
    bundles = ("page", "review")
    filters: CaseFilter
    page: CasePage
    openers: Sequence[Opener]
    me: Collection[int]
    others: Mapping[int, str]
    refusal: Invalid | None
    return_to: str

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None


@dataclass(frozen=True, kw_only=True)
class DecideSelected(FormPage):
    """One note for several cases.

    Attributes:
        filters: The filters of the list, to which `return_to` leads back.
    """

    template = "blacklist/decide_selected.html"
    bundles = ("page", "review")
    form: ReviewForm
    cases: Sequence[CaseRow]
    decision: Decision
    filters: CaseFilter
    return_to: str


@dataclass(frozen=True, kw_only=True)
class ListLookalikes(Page):
    """Customers in good standing who look like somebody blacklisted.

    Attributes:
        waiting: Marks of different people that need a second person.
        more: The address of the next page, if there is one.
        decision: What was pressed, if it was refused.
        chosen: The pairs that were ticked then.
        note: What was typed then.
    """

    template = "blacklist/list_lookalikes.html"
    bundles = ("page", "review")
    waiting: Sequence[WaitingMark]
    matches: Sequence[Match]
    more: str | None
    refusal: Invalid | None
    decision: str
    chosen: Sequence[str]
    note: str
    filters: CaseFilter | None = None


@dataclass(frozen=True, kw_only=True)
class ListRemovals(Page):
    """What programs removed and whom members want to delete, for a second person to look at.

    Attributes:
        eyes: Everybody who counts as the same pair of eyes as the reader.
        refused_case: The case whose form was refused.
        note: What was typed in the refused form.
        more: The address of the next page, if there is one.
    """

    template = "blacklist/list_removals.html"
    bundles = ("page", "review")
    removals: Sequence[CaseRow]
    deletions: Sequence[WaitingDeletion]
    eyes: Collection[int]
    refusal: Invalid | None
    refused_case: int | None
    note: str
    more: str | None
    filters: CaseFilter | None = None

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None


@dataclass(frozen=True, kw_only=True)
class ShowOverview(Page):
    """The blacklist in figures.

    Attributes:
        weeks_offered: How many weeks the reader may choose to see.
        happenings: The kinds of events that are counted by week.
        resets: Members whose credentials others have set lately, with their names.
    """

    template = "blacklist/show_overview.html"
    bundles = ("page", "review")
    figures: Overview
    weeks_offered: Sequence[int]
    happenings: Sequence[CaseEvent]
    resets: Sequence[tuple[Tie, str]]


@dataclass(frozen=True, kw_only=True)
class ListCases(Page):
    """The cases behind a figure, or the blacklist as of a moment.

    Attributes:
        description: What the list holds, in words.
    """

    template = "blacklist/list_cases.html"
    bundles = ("page", "review")
    filters: CaseFilter
    page: CasePage
    description: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class CheckPerson(FormPage):
    """Checking a person; nothing about it is stored.

    Attributes:
        finding: The verdict in words.
    """

    template = "blacklist/check_person.html"
    form: CheckForm
    verdict: Verdict | None
    finding: Finding | None = None

"""The pages of merges: what each template shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.blacklist.filters import CaseFilter
from webapp.customers.fields import Details
from webapp.customers.merged import MergedCustomer
from webapp.customers.models import Customer
from webapp.http.page import Page
from webapp.kernel.refusals import Conflict
from webapp.merging.plan import Plan
from webapp.merging.requests import WaitingMerge
from webapp.web.frame.pages import FormPage
from webapp.web.merging.forms import MergeForm, NoteForm, OtherForm


@dataclass(frozen=True, kw_only=True)
class NameOther(FormPage):
    """Which customer to merge with."""

    template = "merging/name_other.html"
    form: OtherForm
    customer: Customer


@dataclass(frozen=True, kw_only=True)
class Result(Page):
    """What becomes of two records: a part of the next page, drawn anew with each choice."""

    template = "merging/_result.html"
    survivor: Customer
    details: Details


@dataclass(frozen=True, kw_only=True)
class NewMerge(FormPage):
    """Two records side by side, with a choice for each detail.

    Attributes:
        people: The customer whose page it is, and the other one, by their side of the form.
        sides: Those sides, the record first that was changed last.
        survivor: Who survives by what is chosen; `details` are theirs then.
        told_apart: Somebody has marked them as different people.
    """

    template = "merging/new_merge.html"
    form: MergeForm
    people: Mapping[str, Customer]
    sides: Sequence[str]
    survivor: Customer
    details: Details
    told_apart: bool


@dataclass(frozen=True, kw_only=True)
class UndoMerge(FormPage):
    """A merged record, with what goes back and what does not."""

    template = "merging/undo_merge.html"
    form: NoteForm
    survivor: Customer
    record: MergedCustomer
    plan: Plan


@dataclass(frozen=True, kw_only=True)
class ListMerges(Page):
    """Merges that wait for a second person, and their undoing; oldest first.

    Attributes:
        more: The address of the next ones, if there are any.
    """

    template = "merging/list_merges.html"
    waiting: Sequence[WaitingMerge]
    more: str | None
    filters: CaseFilter | None = None


@dataclass(frozen=True, kw_only=True)
class DecideMerge(FormPage):
    """A merge that waits for a second person, or its undoing.

    Attributes:
        details: The survivor's afterwards.
        plan: What an undo would do.
        obstacle: Why it cannot be done now.
    """

    template = "merging/decide_merge.html"
    form: NoteForm
    one: WaitingMerge
    details: Details
    plan: Plan | None
    obstacle: Conflict | None

"""The pages of one customer: what each template shows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from webapp.blacklist.as_of import CustomerAsOf
from webapp.blacklist.entries.models import BlacklistEntry
from webapp.blacklist.models import Blacklisting, Review
from webapp.customers.clashes import Clash
from webapp.customers.fields import Details
from webapp.customers.merged import MergedCustomer
from webapp.customers.models import Customer, Tombstone
from webapp.customers.notes import CustomerNote
from webapp.history.entries import HistoryEntry
from webapp.http.page import Layout, Page
from webapp.kernel.refusals import Conflict, Invalid
from webapp.kernel.submission import Submission
from webapp.lookalikes.pairs import Duplicates
from webapp.lookalikes.signals import Lookalike
from webapp.web.customers.forms import CustomerForm, NoteForm
from webapp.web.customers.lookalike_view import LookalikeView
from webapp.web.frame.histories import HistoryView
from webapp.web.frame.pages import FormPage
from webapp.web.search.last_list import Neighbours


@dataclass(frozen=True, kw_only=True)
class EditCustomer(FormPage):
    """Adding a customer (`customer` is `None`) or correcting one.

    Attributes:
        clashes: The fields that somebody else changed meanwhile, to choose one value of each.
        answers: The answers about clashes, in a form that was refused for another reason.
        owner: Who has the typed e-mail address already.
        duplicates: Whom the typed details look like.
        question: Who must be looked at before this is saved: they share a phone or mailbox.
        typed: What was typed, as far as it could be read.
    """

    template = "customers/edit_customer.html"
    form: CustomerForm
    customer: Customer | None
    clashes: Sequence[Clash] = ()
    answers: dict[str, str] = field(default_factory=dict)
    owner: Customer | None = None
    duplicates: Sequence[Lookalike] = ()
    question: Sequence[LookalikeView] = ()
    typed: Details | None = None


@dataclass(frozen=True, kw_only=True)
class FieldNote(Page):
    """The note under a field that was just left.

    Attributes:
        field: Its name.
        owner: Who has the typed e-mail address already.
    """

    template = "customers/_field_note.html"
    field: str
    submission: Submission
    owner: Customer | None


@dataclass(frozen=True, kw_only=True)
class DuplicateWarning(Page):
    """Whom the typed details look like: a warning, not a refusal."""

    template = "customers/_duplicate_warning.html"
    duplicates: Sequence[Lookalike]


@dataclass(frozen=True, kw_only=True)
class CustomerPage(Page):
    """A customer, at present or as of an earlier moment.

    Attributes:
        case: The open blacklisting.
        former: Earlier e-mails, phones and names that still match, by kind.
        created: The first entry of the history.
        last: The last entry of the history.
    """

    customer: Customer
    case: Blacklisting | None
    former: dict[str, list[str]]
    closed_cases: Sequence[Blacklisting]
    created: HistoryEntry | None
    last: HistoryEntry
    history: HistoryView


@dataclass(frozen=True)
class NoteView:
    """A row of a note, with the form to correct it if the reader may, or has typed one."""

    note: CustomerNote
    form: NoteForm | None


@dataclass(frozen=True)
class MergedView:
    """A record that was merged into the customer.

    Attributes:
        merged_at: When, and by whom.
        before: The last moment at which it was a customer of its own.
        notes: Those about it, which nobody edits any more.
    """

    record: MergedCustomer
    merged_at: datetime
    merged_by: str
    before: datetime
    notes: Sequence[CustomerNote]


@dataclass(frozen=True, kw_only=True)
class ShowCustomer(CustomerPage):
    """A customer at present, with everything that can be done.

    Attributes:
        may_undo: The reader opened the case and may still undo that.
        may_lift: The reader may decide about the case.
        undoable: A review by the reader that they may still undo.
        merged_over: Somebody else's recent change that was merged with one of the reader's.
        entries: The entries of the blacklist that match, the strongest first.
        merged: The records that lead to the customer.
        similar: Who may be the same person, and who was marked as somebody else.
        note_form: A note that was typed and not yet saved.
        standing: The numbers of the changes that can be undone.
        beside: Who stands beside the customer on the list that the reader saw last.
    """

    template = "customers/show_customer.html"
    may_undo: bool
    may_lift: bool
    undoable: Review | None
    merged_over: HistoryEntry | None
    entries: Sequence[BlacklistEntry]
    merged: Sequence[MergedView]
    similar: Duplicates
    notes: Sequence[NoteView]
    note_form: NoteForm | None
    beside: Neighbours | None
    standing: Collection[int]

    @property
    def is_refused(self) -> bool:
        return self.note_form is not None and bool(self.note_form.problems)


@dataclass(frozen=True, kw_only=True)
class ShowCustomerAsOf(CustomerPage):
    """A customer as of an earlier moment, read-only."""

    template = "customers/past_customer.html"
    past: CustomerAsOf


@dataclass(frozen=True, kw_only=True)
class DeletedCustomer(Page):
    """What is left of somebody who was deleted."""

    template = "customers/deleted_customer.html"
    tombstone: Tombstone
    closed_cases: Sequence[Blacklisting]
    history: HistoryView


@dataclass(frozen=True, kw_only=True)
class DeleteCustomer(Page):
    """What goes and what stays, to confirm before the deletion."""

    template = "customers/delete_customer.html"
    customer: Customer
    refusal: Conflict | None


@dataclass(frozen=True, kw_only=True)
class ChooseDisclosure(Page):
    """What goes into the file with everything about a customer.

    Attributes:
        withhold: What people have written freely is left out; `reason` says why.
    """

    template = "customers/choose_disclosure.html"
    customer: Customer
    refusal: Invalid | None = None
    withhold: bool = False
    reason: str = ""

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None


@dataclass(frozen=True, kw_only=True)
class Disclosure(Page):
    """Everything about a customer, readable without Gatebook; see `disclosure.disclose`."""

    template = "customers/disclosure.html"
    layout: Layout = Layout.PART
    content: Mapping[str, Any]

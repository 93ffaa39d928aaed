"""The pages of entries: what each template shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.blacklist.entries.drafting import EntryDraft
from webapp.blacklist.entries.listing import Which
from webapp.blacklist.entries.lists import EntryList
from webapp.blacklist.entries.models import BlacklistEntry
from webapp.customers.models import Customer
from webapp.http.page import Page
from webapp.kernel.refusals import Conflict
from webapp.web.entries.forms import EntryDecisionForm, EntryForm, EntryListForm, EntryUntilForm
from webapp.web.frame.histories import HistoryView
from webapp.web.frame.pages import FormPage


@dataclass(frozen=True, kw_only=True)
class ListEntries(Page):
    """Entries, the newest first; those that wait, the oldest first.

    Attributes:
        waiting: How many wait for a manager.
        more: The address of the next ones, if there are any.
        at: The moment that is shown, if it is not now.
        matches: Active customers, each with an entry that they match.
        of_list: The list whose entries alone are shown.
        lists: Lists that wait for a manager as a whole.
    """

    template = "entries/list_entries.html"
    which: Which
    entries: Sequence[BlacklistEntry]
    waiting: int
    more: str | None
    at: datetime | None
    matches: Sequence[tuple[Customer, BlacklistEntry]] = ()
    of_list: EntryList | None = None
    lists: Sequence[EntryList] = ()


@dataclass(frozen=True, kw_only=True)
class NewEntry(FormPage):
    """A new entry.

    Attributes:
        draft: What it would be, to be looked at before it is added.
        customers: Some of those whom it would be about.
    """

    template = "entries/new_entry.html"
    form: EntryForm
    draft: EntryDraft | None = None
    customers: Sequence[Customer] = ()


@dataclass(frozen=True, kw_only=True)
class ListLists(Page):
    """Lists of entries, the newest first, each with the number of its entries that stand.

    Attributes:
        more: The address of the next ones, if there are any.
    """

    template = "entries/list_lists.html"
    lists: Sequence[tuple[EntryList, int]]
    more: str | None


@dataclass(frozen=True, kw_only=True)
class NewList(FormPage):
    """A list of entries to be sent, or the next version of one."""

    template = "entries/new_list.html"
    form: EntryListForm


@dataclass(frozen=True, kw_only=True)
class ShowList(FormPage):
    """A list of entries: the version that counts, the next one, and what can be done.

    Attributes:
        number: How many entries of it stand.
        may_keep: The reader may decide that it stays.
    """

    template = "entries/show_list.html"
    form: EntryDecisionForm
    one: EntryList
    number: int
    may_keep: bool
    history: HistoryView


@dataclass(frozen=True, kw_only=True)
class ShowEntry(FormPage):
    """An entry, with everything that can be done about it.

    Attributes:
        customers: Some of those who match; `number` is of all.
        may_undo: The reader added it and may still undo that.
        refusal_to_decide: Why this manager may not decide about it.
    """

    template = "entries/show_entry.html"
    form: EntryDecisionForm
    end_form: EntryUntilForm
    entry: BlacklistEntry
    customers: Sequence[Customer]
    number: int
    may_undo: bool
    refusal_to_decide: Conflict | None
    history: HistoryView

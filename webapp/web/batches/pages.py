"""The pages of sets of changes: what each template shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.batches.models import ChangeSet
from webapp.blacklist.filters import CaseFilter
from webapp.http.page import Page
from webapp.kernel.refusals import Refusal
from webapp.web.batches.forms import DeedForm


@dataclass(frozen=True)
class Difference:
    """One value of a row: what stands, and what is proposed."""

    field: str
    old: str
    new: str


@dataclass(frozen=True)
class RowView:
    """A row of a set.

    Attributes:
        name: Of the customer, or of the person in the file.
        address: Of the customer's page, if they are in the book.
        problems: Sentences, each with the column that it is about.
        may_decide: The reader may decide about a row that is held back.
    """

    number: int
    name: str
    email: str
    address: str | None
    differences: Sequence[Difference]
    problems: Sequence[tuple[str, str]]
    verdict: str
    outcome: str | None
    may_decide: bool = False


@dataclass(frozen=True)
class Progress:
    """How far the work on a set is.

    Attributes:
        done: Rows dealt with; `total` is 0 if nobody knows.
        rate: Rows a second.
        left: About how long it still takes, in words.
    """

    done: int
    total: int
    rate: int
    left: str


@dataclass(frozen=True, kw_only=True)
class SetView:
    """A set as lists show it.

    Attributes:
        title: What it does, such as `Import of people.csv`.
        state: In words.
    """

    one: ChangeSet
    title: str
    state: str


@dataclass(frozen=True, kw_only=True)
class ListSets(Page):
    """Sets of changes, newest first.

    Attributes:
        before: The number before which older ones are; `None` if there are none.
    """

    template = "batches/list_sets.html"
    sets: Sequence[SetView]
    before: int | None


@dataclass(frozen=True)
class Offers:
    """What the reader can do with a set: each a refusal that says why not, or nothing."""

    apply: Refusal | None = None
    agree: Refusal | None = None
    undo: Refusal | None = None
    may_apply: bool = False
    may_agree: bool = False
    may_undo: bool = False
    may_steer: bool = False


@dataclass(frozen=True, kw_only=True)
class ShowSet(Page):
    """A set: what is proposed, how far it is, and what came of it.

    Attributes:
        group: The verdict or outcome whose rows are shown.
        groups: All of them, with the number of rows and what they are called.
        older: The number after which the next rows of the group are; `None` if there are none.
        since: How many match its filters by now who were not counted.
        cases: How many of its blacklistings wait for a manager.
        undone_by: The set that took it back, or will.
        typed: The number that was typed to confirm.
    """

    template = "batches/show_set.html"
    bundles = ("page", "review")
    shown: SetView
    progress: Progress | None
    group: str
    groups: Sequence[tuple[str, str, int]]
    rows: Sequence[RowView]
    older: int | None
    offers: Offers
    since: int
    cases: int
    undone_by: int | None
    refusal: Refusal | None = None
    typed: str = ""

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None


@dataclass(frozen=True, kw_only=True)
class NewImport(Page):
    """Asks for a file."""

    template = "batches/new_import.html"
    refusal: Refusal | None = None

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None


@dataclass(frozen=True, kw_only=True)
class ChooseColumns(Page):
    """What the columns of a file are, with its first rows as they will be.

    Attributes:
        typed: What was chosen, by the name of the field.
        first: The first rows: the cells as they were written.
        preview: The same as they will be stored, by field, with their problems.
    """

    template = "batches/choose_columns.html"
    shown: SetView
    headings: Sequence[str]
    columns: Sequence[str]
    typed: Mapping[str, str]
    first: Sequence[Sequence[str]]
    preview: Sequence[tuple[Mapping[str, str], Sequence[str]]]
    countries: Mapping[str, str]
    refusal: Refusal | None = None

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None


@dataclass(frozen=True, kw_only=True)
class ChooseDeed(Page):
    """One deed for all who are selected: the reason and the note.

    Attributes:
        number: How many are selected.
        ids: Who was ticked; nobody if all that match are meant.
        arguments: Of the address of the list.
    """

    template = "batches/choose_deed.html"
    deed: str
    form: DeedForm
    number: int
    ids: Sequence[str]
    arguments: Mapping[str, str]
    description: str
    refusal: Refusal | None = None

    @property
    def is_refused(self) -> bool:
        return bool(self.form.problems or self.refusal)


@dataclass(frozen=True, kw_only=True)
class DecideSet(Page):
    """The blacklistings of a set that wait, to be decided alike.

    Attributes:
        cases: The number, customer and reason of each.
    """

    template = "batches/decide_set.html"
    bundles = ("page", "review")
    shown: SetView
    cases: Sequence[tuple[int, str, str]]
    note: str = ""
    refusal: Refusal | None = None

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None


@dataclass(frozen=True, kw_only=True)
class ListWaitingSets(Page):
    """What of sets waits for managers: agreement, blacklistings, and rows that were held back.

    Attributes:
        to_agree: Sets that are too large for one person.
        to_review: Sets whose blacklistings wait, with their number.
        held: Imports with rows that were held back, with their number.
    """

    template = "batches/list_waiting_sets.html"
    to_agree: Sequence[tuple[SetView, int]]
    to_review: Sequence[tuple[SetView, int]]
    held: Sequence[tuple[SetView, int]]
    filters: CaseFilter

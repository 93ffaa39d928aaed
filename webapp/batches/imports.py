"""Customers in a file of somebody's: which rows are new, changed, the same, refused or held back.

A row is read as a form would be, with the same rules and sentences. New people who look like
somebody blacklisted are held back until a manager has looked at them; nothing of them is created
before. A file puts people on the blacklist, but never takes anybody off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from sqlalchemy import func, select

from webapp.batches import change_set
from webapp.batches.models import (
    ChangeRow,
    ChangeSet,
    Kind,
    Outcome,
    State,
    Verdict,
    counted,
)
from webapp.blacklist import opening
from webapp.customers import edit, register
from webapp.customers.fields import Details
from webapp.customers.models import Customer
from webapp.customers.numbering.countries import countries, find_country
from webapp.history.entries import Actor
from webapp.history.eyes import OwnDecision, eyes_of
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.folding import fold
from webapp.kernel.refusals import Conflict, Problems
from webapp.transfer.csv_format import unguarded
from webapp.transfer.reading import damage
from webapp.transfer.reading.files import Layout
from webapp.transfer.reading.headings import Field, picked, read_yes

# What happens to customers who are in the book already.
EXISTING = {
    "fill": "Fill in what is empty",
    "overwrite": "Replace what differs",
    "leave": "Leave them as they are",
}
# By what a row is recognised.
MATCH_BY = {
    "any": "Id, reference or e-mail",
    "id": "Id in Gatebook",
    "reference": "Reference",
    "email": "E-mail",
}
NAMES = (Field.FIRST_NAME, Field.LAST_NAME, Field.NAME)
DETAILS = (
    Field.FIRST_NAME, Field.LAST_NAME, Field.EMAIL, Field.PHONE, Field.COUNTRY, Field.HOME,
    Field.BIRTHDAY,
)  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """What was chosen for a file.

    Attributes:
        columns: What each column is; `None` if it is not used.
        home: The country of national numbers whose row names none.
        existing: One of `EXISTING`.
        match: One of `MATCH_BY`.
        reason: The reason code of blacklistings whose row has none; `note` goes with it.
    """

    layout: Layout
    columns: Sequence[Field | None]
    home: str
    existing: str
    match: str
    reason: str
    note: str

    @classmethod
    def of(cls, one: ChangeSet) -> "Choices":
        more = one.arguments
        return cls(
            layout=Layout(**more["layout"]),
            columns=[Field(name) if name else None for name in more["columns"]],
            home=more["home"],
            existing=more["existing"],
            match=more["match"],
            reason=more["reason"],
            note=more["note"],
        )


@dataclass
class FileRow:
    """A row of the file, as far as it has been read.

    Attributes:
        values: Its cells, by what they are.
        raw: As for `register` and `edit.change`, without what is empty.
        problems: Sentences, each with the field that it is about.
        damage: What a spreadsheet seems to have broken, by field.
    """

    number: int
    cells: list[str]
    values: Mapping[Field, str]
    raw: dict[str, str] = field(default_factory=dict)
    problems: list[list[str]] = field(default_factory=list)
    damage: Mapping[Field, str] = field(default_factory=dict)
    is_to_blacklist: bool = False

    def note(self, name: str, problem: str) -> None:
        self.problems.append([name, problem])

    def blame(self, stored: Details | None = None) -> None:
        """Note what a spreadsheet has broken, unless that is what the book has already."""
        for name, problem in self.damage.items():
            if self.values[name] != getattr(stored, name, None):
                self.note(name, problem)

    def note_all(self, problems: Problems) -> None:
        """Note what the rules say of fields that are not known to be broken already."""
        known = {name for name, _ in self.problems}
        for name, texts in problems.items():
            if name not in known:
                self.problems += [[name, text] for text in texts]


def read_row(number: int, cells: list[str], choices: Choices) -> FileRow:
    """Read the cells of a row, and name what a spreadsheet has broken in them."""
    as_written = picked(choices.columns, cells)
    row = FileRow(number, cells, {name: unguarded(cell) for name, cell in as_written.items()})
    row.damage = {
        name: problem for name, cell in as_written.items() if (problem := _damage(name, cell))
    }
    row.raw = _raw(row.values, choices.home)
    try:
        row.is_to_blacklist = read_yes(row.values.get(Field.BLACKLIST, ""))
    except ValueError as problem:
        row.note(Field.BLACKLIST, str(problem))
    return row


def _damage(name: Field, cell: str) -> str:
    if name in NAMES:
        return damage.damage_in_a_name(cell)
    return damage.damage_in_digits(cell) if name is Field.PHONE else damage.damage_in(cell)


def _raw(values: Mapping[Field, str], home: str) -> dict[str, str]:
    raw = {name.value: values[name] for name in DETAILS if values.get(name, "").strip()}
    if values.get(Field.NAME, "").strip() and not {"first_name", "last_name"} & raw.keys():
        first, _, last = values[Field.NAME].strip().rpartition(" ")
        raw |= {"first_name": first, "last_name": last} if first else {"first_name": last}
    if "country" in raw:
        raw["country"] = country_code(raw["country"]) or raw["country"]
    if "birthday" in raw:
        raw["birthday"] = clock.as_iso_day(raw["birthday"])
    raw["home"] = country_code(raw.get("home", "")) or home
    return raw


def country_code(text: str) -> str:
    """A country as a form takes it, by its code or its English name; empty if there is none."""
    if find_country(text.strip()):
        return text.strip()
    return _codes_by_name().get(fold(text), "")


@cache
def _codes_by_name() -> Mapping[str, str]:
    return {fold(country.name): code for code, country in countries().items()}


def carry_out(row: ChangeRow, customer: Customer | None, *, by: Actor) -> tuple[Outcome, Customer]:
    """Add or change the customer of a row, and blacklist them, in the present write transaction.

    Raises:
        Refusal: as the services that do it.
    """
    proposed = row.proposed or {}
    details, is_done = _as_raw(proposed.get("details", {})), False
    if row.verdict in (Verdict.NEW, Verdict.HELD):
        customer, is_done = register.register(details, by=by), True
    assert customer is not None
    if details and not is_done:
        done = edit.change(customer.id, details, based_on=row.based_on, by=by)
        customer, is_done = done.customer, bool(done.fields)
    if "case" in proposed:
        opened = opening.open_case(customer.id, **proposed["case"], by=by)
        customer, is_done = opened.customer, is_done or opened.is_new
    return (Outcome.DONE if is_done else Outcome.UNCHANGED), customer


def _as_raw(details: Mapping[str, Any]) -> dict[str, Any]:
    return {"country" if name == "dial_code" else name: value for name, value in details.items()}


class NotHeld(Conflict):
    code = "not_held"
    sentence = "Somebody has decided about this row already"


class HeldByYourself(OwnDecision):
    sentence = "You proposed this import, or count as who did; another manager must decide"


def add_held(seq: int, number: int, *, by: Actor) -> Customer:
    """Add a person who was held back: a manager has looked, and they are somebody else.

    Raises:
        NotFound: `set_not_found`.
        Conflict: `not_held` or `own_decision`.
        Invalid: what a form would refuse by now.
    """
    with writing():
        one, row = _held(seq, number, by)
        in_the_set = replace(by, request_id=one.actor.request_id)
        _, customer = carry_out(row, None, by=in_the_set)
        row.outcome, row.customer_seq, row.version = Outcome.DONE, customer.seq, customer.version
        row.cells = None
        one.counts = counted(one.counts, {Outcome.DONE: 1})
        return customer


def discard_held(seq: int, number: int, *, by: Actor) -> None:
    """Leave out a person who was held back.

    Raises:
        NotFound: `set_not_found`.
        Conflict: `not_held` or `own_decision`.
    """
    with writing():
        one, row = _held(seq, number, by)
        row.outcome = Outcome.DISCARDED
        row.proposed = row.cells = row.problems = row.key = None
        one.counts = counted(one.counts, {Outcome.DISCARDED: 1})


def _held(seq: int, number: int, by: Actor) -> tuple[ChangeSet, ChangeRow]:
    one = change_set.locked_set(seq)
    row = db.session.get(ChangeRow, (seq, number), populate_existing=True)
    is_open = one.state in (State.CHECKED, State.APPLIED, State.UNDONE)
    if row is None or not is_open or row.verdict != Verdict.HELD or row.outcome:
        raise NotHeld
    if one.actor.accountable_id in eyes_of(by.accountable_id) or by.accountable_id is None:
        raise HeldByYourself
    return one, row


def sets_with_held(*, limit: int) -> list[tuple[ChangeSet, int]]:
    """Imports with rows that wait for a manager, oldest first, with their number."""
    query = _waiting(select(ChangeSet.seq, func.count())).group_by(ChangeSet.seq)
    numbers = db.session.execute(query.order_by(ChangeSet.seq).limit(limit)).all()
    return [(db.session.get_one(ChangeSet, seq), number) for seq, number in numbers]


def _waiting(query: Any) -> Any:
    waits = (ChangeRow.verdict == Verdict.HELD) & ChangeRow.outcome.is_(None)
    is_open = ChangeSet.state.in_((State.CHECKED, State.APPLIED, State.UNDONE))
    joined = query.join_from(ChangeSet, ChangeRow, ChangeRow.set_seq == ChangeSet.seq)
    return joined.where(ChangeSet.kind == Kind.IMPORT, is_open, waits)

"""The check of an import: what would come of each row. The book is only read, with the very rules
of a form, so that nobody waits for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from webapp.batches.change_set import BATCH
from webapp.batches.imports import Choices, FileRow, read_row
from webapp.batches.matching import NEW, Known
from webapp.batches.models import ChangeSet, Verdict
from webapp.batches.uploads import FileGone
from webapp.blacklist import screening
from webapp.blacklist.entries.matching import entries_about
from webapp.blacklist.entries.models import BlacklistEntry
from webapp.blacklist.entries.values import shown_value
from webapp.blacklist.models import REASON_NAMES, REASONS_OFFERED
from webapp.blacklist.screening import Answer
from webapp.customers import edit, register
from webapp.customers.changes import EmailTaken, ReferenceTaken
from webapp.customers.clashes import values_of
from webapp.customers.fields import Details
from webapp.customers.models import DETAILS, Customer
from webapp.history.entries import Actor
from webapp.kernel.database import db
from webapp.kernel.fields import email_key
from webapp.kernel.submission import Submission
from webapp.lookalikes.candidates import Candidate
from webapp.lookalikes.pairs import MIN_WEIGHT
from webapp.lookalikes.signals import Lookalike, lookalikes_of
from webapp.programs.api_keys import may_still
from webapp.staff.permissions import Permission
from webapp.transfer.reading import damage
from webapp.transfer.reading.files import open_table
from webapp.transfer.reading.headings import Field

# Of those whom a row looks like, so many are named.
MOST_NAMED = 3
# A check denies whoever has one of these.
EQUAL = {"phone", "email"}
MISSING_SCOPE = "This key may not blacklist customers"
OTHER_COUNTRY = "The book has the country code {} for this customer"
DELETED = "This customer was deleted from the book"
Row = dict[str, Any]


def checked_rows(one: ChangeSet, folder: Path, *, after: int) -> Iterator[list[Row]]:
    """What would come of each row of the file, batch by batch; the book is only read.

    Args:
        after: The number of the last row that was checked already.

    Raises:
        NotATable: the file, or a row of it, cannot be read.
    """
    seq, choices, by = one.seq, Choices.of(one), one.actor
    file = folder / one.arguments["file"]
    if not file.exists():
        raise FileGone
    table = open_table(file, choices.layout)
    rest = (read_row(n, cells, choices) for n, cells in table.rows if n > after)
    while batch := list(islice(rest, BATCH)):
        rows = _Check(seq, choices, by, batch).rows()
        db.session.rollback()
        db.session.expunge_all()
        yield rows


class _Check:
    """The check of a batch of rows, with all customers that they could be about."""

    def __init__(self, seq: int, choices: Choices, by: Actor, batch: Sequence[FileRow]) -> None:
        self._choices, self._by, self._batch = choices, by, batch
        self._known = Known.of(seq, [row.values for row in batch], choices.match)
        self._may_blacklist = may_still(by, Permission.BLACKLIST)

    def rows(self) -> list[Row]:
        rows = [self._checked(row) for row in self._batch]
        self._hold_back([row for row in rows if row["verdict"] == Verdict.NEW])
        return rows

    def _checked(self, row: FileRow) -> Row:
        customer = self._known.customer_of(row.values)
        blank = {"customer_seq": None, "based_on": None, "key": None, "proposed": None}
        checked: Row = {"number": row.number, **blank, "problems": None, "cells": None}
        if customer:
            checked |= {"customer_seq": customer.seq, "based_on": customer.version}
        elif self._known.is_deleted(row.values):
            row.note("", DELETED)
        submission = self._read(row, customer)
        row.blame(customer.details if customer else None)
        is_left = customer and (customer.blacklisted or self._choices.existing == "leave")
        opens = row.is_to_blacklist and not is_left
        if opens and not self._may_blacklist:
            row.note(Field.BLACKLIST, MISSING_SCOPE)
        row.note_all(submission.problems)
        if not row.problems:
            self._note_second_row(row, checked, submission, customer)
        if row.problems:
            return checked | self._refused(row)
        proposed = self._proposed(submission, customer) | (self._case(row) if opens else {})
        if customer:
            verdict = Verdict.CHANGE if proposed else Verdict.SAME
            return checked | {"verdict": verdict, "proposed": proposed or None}
        return checked | {"verdict": Verdict.NEW, "proposed": proposed, "cells": row.cells}

    def _refused(self, row: FileRow) -> Row:
        more = {"problems": row.problems, "cells": row.cells}
        return {"verdict": Verdict.REFUSED, "key": self._known.key_of(row.values)} | more

    def _read(self, row: FileRow, customer: Customer | None) -> Submission:
        if customer:
            raw = self._raw_change(row.raw, customer.details)
            submission = edit.read_change(raw, customer.details, by=self._by)
        else:
            reference = row.values.get(Field.REFERENCE, "").strip()
            raw = row.raw | ({"reference": reference} if reference else {})
            submission = register.read_new(raw, by=self._by)
        if "phone" in submission.problems:
            self._blame_excel(row, raw, submission)
        self._note_taken(submission, customer)
        if customer and self._choices.existing == "fill":
            _note_other_country(submission, customer.details)
        return submission

    def _raw_change(self, raw: Mapping[str, str], details: Details) -> dict[str, str]:
        """What a row would change: empty cells change nothing."""
        if self._choices.existing == "leave":
            return {}
        if self._choices.existing == "overwrite":
            return dict(raw) if {"phone", "country"} & raw.keys() else _without_phone(raw)
        names = values_of(details).items()
        empty = {name: raw[name] for name, value in names if not value and name in raw}
        if "phone" in empty:
            empty |= {name: raw[name] for name in ("country", "home") if name in raw}
        elif "country" in raw and not details.phone and not details.dial_code:
            empty["country"] = raw["country"]
        return empty

    def _blame_excel(self, row: FileRow, raw: Mapping[str, str], submission: Submission) -> None:
        def is_readable(phone: str) -> bool:
            again = register.read_new({**raw, "phone": phone}, by=self._by)
            return "phone" not in again.problems

        problem = damage.damage_in_a_phone(row.values.get(Field.PHONE, ""), is_readable)
        if problem:
            submission.problems["phone"] = [problem]

    def _note_taken(self, submission: Submission, customer: Customer | None) -> None:
        values = submission.values
        key = email_key(values["email"]) if values.get("email") else ""
        owner = self._known.by_email.get(key)
        if owner and owner is not customer and "email" not in submission.problems:
            submission.note("email", EmailTaken.sentence)
        if values.get("reference") and self._known.by_reference.get(values["reference"].lower()):
            submission.note("reference", ReferenceTaken.sentence)

    def _note_second_row(
        self, row: FileRow, checked: Row, submission: Submission, customer: Customer | None
    ) -> None:
        key = f"c:{customer.seq}" if customer else f"{NEW}{email_key(submission.values['email'])}"
        first = self._known.first_row(key, row.number)
        if first:
            row.note("", f"Row {first:,} is about the same person")
        else:
            checked["key"] = key

    @staticmethod
    def _proposed(submission: Submission, customer: Customer | None) -> dict[str, Any]:
        """The details as they would be stored, of a customer only those that differ."""
        new = {name: submission.values.get(name) for name in DETAILS}
        stands = values_of(customer.details) if customer else {}
        differing = {name: value for name, value in new.items() if value != stands.get(name)}
        if {"phone", "dial_code"} & differing.keys():
            differing |= {"phone": new["phone"], "dial_code": new["dial_code"]}
        if not customer and submission.values.get("reference"):
            differing["reference"] = submission.values["reference"]
        return {"details": differing} if differing else {}

    def _case(self, row: FileRow) -> dict[str, Any]:
        """By the reason code or its name, if the row has one; other words become the note."""
        words = row.values.get(Field.REASON, "").strip()
        by_name = {name.casefold(): code for code, name in REASON_NAMES.items()}
        code = by_name.get(words.casefold(), words)
        if code in REASONS_OFFERED:
            return {"case": {"reason": code, "note": self._choices.note}}
        return {"case": {"reason": self._choices.reason, "note": words or self._choices.note}}

    def _hold_back(self, rows: Sequence[Row]) -> None:
        """Hold back who looks like somebody blacklisted, unless they are blacklisted themselves."""
        new = [row for row in rows if "case" not in row["proposed"]]
        people = [
            Candidate(Details(**{name: row["proposed"]["details"].get(name) for name in DETAILS}))
            for row in new
        ]
        alike = lookalikes_of(people, blacklisted=True, least_weight=MIN_WEIGHT) if people else []
        matched = entries_about([[one.details] for one in people])
        for row, some, entries in zip(new, alike, matched, strict=True):
            if why := _why_held(some, entries):
                row |= {"verdict": Verdict.HELD, "problems": [["", why]]}
        for row in rows:
            if row["verdict"] == Verdict.NEW:
                row["cells"] = None


def _note_other_country(submission: Submission, details: Details) -> None:
    """A number is not filled in where the book has a country that it does not belong to."""
    is_other = submission.values.get("dial_code") != details.dial_code
    if details.dial_code and is_other and "phone" not in submission.problems:
        submission.note("phone", OTHER_COUNTRY.format(details.dial_code))


def _why_held(some: Sequence[Lookalike], entries: Sequence[BlacklistEntry]) -> str:
    """Why a row is held back, as a check would decide; the empty text if it is not."""
    is_equal = any(not EQUAL.isdisjoint(one.signals) for one in some)
    by_likeness = Answer.DENY if is_equal else Answer.REVIEW if some else Answer.ALLOW
    verdict = screening.with_entries(screening.Verdict(by_likeness), entries)
    if verdict.answer is Answer.ALLOW:
        return ""
    if some and not verdict.entries:
        return _resemblance(some)
    first = verdict.entries[0]
    return f"Matches entry {first.seq}: {shown_value(first.value, first.kind)}"


def _resemblance(some: Sequence[Lookalike]) -> str:
    """Whom a row looks like, by reference, and why."""
    seqs = [one.customer.seq for one in some[:MOST_NAMED]]
    query = select(Customer.reference).where(Customer.seq.in_(seqs)).order_by(Customer.seq)
    signals = dict.fromkeys(signal for one in some for signal in one.signals)
    same = ", ".join(signals).replace("_", " ")
    return f"Looks like {', '.join(db.session.scalars(query))}, who is blacklisted: same {same}"


def _without_phone(raw: Mapping[str, str]) -> dict[str, str]:
    return {name: raw[name] for name in raw if name not in ("phone", "country", "home")}

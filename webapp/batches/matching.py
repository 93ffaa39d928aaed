"""Whom the rows of a file are about: all customers of a batch of rows, found at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import func, or_, select

from webapp.batches.change_set import BATCH
from webapp.batches.models import ChangeRow
from webapp.customers.fields import UUID_SHAPED
from webapp.customers.merged import MergedCustomer, has_email, has_reference, survivor_of
from webapp.customers.models import Customer, Tombstone
from webapp.kernel.database import db
from webapp.kernel.fields import typed_email_key
from webapp.transfer.reading.headings import Field

# Before the address in the keys of new rows, and of refused ones.
NEW, REFUSED = "e:", "r:"
Values = Mapping[Field, str]


@dataclass
class Known:
    """The customers whom some rows name, and those who have their addresses or references.

    Attributes:
        match: By what a row names a customer; one of `imports.MATCH_BY`.
        rows: The number of the first row about each person, by its key.
    """

    set_seq: int
    match: str
    by_id: Mapping[UUID, Customer]
    by_reference: Mapping[str, Customer]
    by_email: Mapping[str, Customer]
    deleted: frozenset[UUID]
    rows: dict[str, int]

    @classmethod
    def of(cls, set_seq: int, values: Sequence[Values], match: str) -> "Known":
        ids = {one for row in values if (one := _id(row))}
        references = {_reference(row) for row in values} - {""}
        emails = {_email(row) for row in values} - {""}
        people, also = _customers(ids, references, emails), _merged(ids, references, emails)
        gone = select(Tombstone.customer_id).where(Tombstone.customer_id.in_(ids))
        known = cls(
            set_seq,
            match,
            {**{one.id: whose for one, whose in also}, **{one.id: one for one in people}},
            {
                **{one.reference.lower(): whose for one, whose in also},
                **{one.reference.lower(): one for one in people},
            },
            {
                **{key: whose for one, whose in also for key in _emails_of(one)},
                **{one.email_key: one for one in people},
            },
            frozenset(db.session.scalars(gone)) if ids else frozenset(),
            {},
        )
        known.rows = known._rows_before(values)
        return known

    def _rows_before(self, values: Sequence[Values]) -> dict[str, int]:
        """Rows of earlier batches about the same people."""
        keys = {f"{NEW}{_email(row)}" for row in values}
        keys |= {f"c:{one.seq}" for row in values if (one := self.customer_of(row))}
        query = select(ChangeRow.key, ChangeRow.number).where(
            ChangeRow.set_seq == self.set_seq, ChangeRow.key.in_(keys)
        )
        return {key: number for key, number in db.session.execute(query) if key}

    def customer_of(self, row: Values) -> Customer | None:
        """The customer whom a row names."""
        by_what = {
            "id": self.by_id.get(one) if (one := _id(row)) else None,
            "reference": self.by_reference.get(_reference(row)),
            "email": self.by_email.get(_email(row)),
        }
        if self.match != "any":
            return by_what[self.match]
        return by_what["id"] or by_what["reference"] or by_what["email"]

    def key_of(self, row: Values) -> str | None:
        """The key of a row that is refused: it goes with whoever has its address."""
        email = _email(row)
        return f"{REFUSED}{email}" if email else None

    def is_deleted(self, row: Values) -> bool:
        return _id(row) in self.deleted

    def first_row(self, key: str, number: int) -> int | None:
        """The number of an earlier row with this key; `None` if this is the first."""
        first = self.rows.setdefault(key, number)
        return first if first != number else None


def _customers(
    ids: Collection[UUID], references: Collection[str], emails: Collection[str]
) -> list[Customer]:
    meant = or_(
        Customer.id.in_(ids),
        func.lower(Customer.reference).in_(references),
        Customer.email_key.in_(emails),
    )
    return list(db.session.scalars(select(Customer).where(meant)))


def _merged(
    ids: Collection[UUID], references: Collection[str], emails: Collection[str]
) -> list[tuple[MergedCustomer, Customer]]:
    """The records merged into others that are named, each with the customer who survived."""
    meant = or_(MergedCustomer.id.in_(ids), has_reference(references), has_email(emails))
    records = db.session.scalars(select(MergedCustomer).where(meant)).all()
    return [(one, survivor_of(one)) for one in records]


def _emails_of(record: MergedCustomer) -> Iterator[str]:
    yield record.email_key
    if record.replaced_email_key:
        yield record.replaced_email_key


def _id(row: Values) -> UUID | None:
    text = row.get(Field.ID, "").strip()
    return UUID(text) if UUID_SHAPED.fullmatch(text) else None


def _reference(row: Values) -> str:
    return row.get(Field.REFERENCE, "").strip().lower()


def _email(row: Values) -> str:
    text = row.get(Field.EMAIL, "").strip()
    return _key(text) if "@" in text else ""


@lru_cache(maxsize=4 * BATCH)
def _key(email: str) -> str:
    """Asked for several times while a batch of rows is looked at."""
    return typed_email_key(email)

"""Records that were merged into others: each keeps its row, here, and its id, reference and e-mail
address lead to the customer who survived.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Index, String, Table, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from webapp.customers.fields import (
    MAX_REFERENCE_LENGTH,
    UUID_SHAPED,
    Details,
    reference_keys,
)
from webapp.customers.models import DETAILS, MAX_KEY_LENGTH, Customer, details_columns
from webapp.history.entries import Subject
from webapp.kernel.database import Identifier, Model, Moment, byte_ordered, db
from webapp.kernel.database import Sequence as Key
from webapp.kernel.fields import (
    MAX_EMAIL_LENGTH,
    MAX_NAME_LENGTH,
    email_key,
    full_name,
    typed_email_key,
)
from webapp.kernel.prepared import Prepared

# What entries call it when a record is merged or comes back: for the survivor, and for the record.
MERGED, MERGED_INTO = "merged", "merged_into"
UNDONE, CAME_BACK = "merge_undone", "came_back"
OF_MERGES = (MERGED, MERGED_INTO, UNDONE, CAME_BACK)


class MergedCustomer(Model):
    """A record that was merged into another, as it stood then. Two may have one address: a record
    keeps the one that a survivor took, who may be merged in turn.

    Attributes:
        survivor_seq: The customer it was merged into, who may have been merged since.
        entry: The number of the entry that tells of it in the survivor's history.
        replaced_email: The address that the survivor had before they took that of this record.
    """

    __tablename__ = "merged_customer"

    seq: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(Identifier, unique=True)
    reference: Mapped[str] = mapped_column(byte_ordered(MAX_REFERENCE_LENGTH))
    first_name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    last_name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_LENGTH))
    phone: Mapped[str | None] = mapped_column(byte_ordered(16), index=True)
    dial_code: Mapped[str | None] = mapped_column(byte_ordered(5))
    birthday: Mapped[str | None] = mapped_column(byte_ordered(10), index=True)
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    email_key: Mapped[str] = mapped_column(byte_ordered(MAX_KEY_LENGTH), index=True)
    email_person: Mapped[str] = mapped_column(byte_ordered(MAX_KEY_LENGTH), index=True)
    email_domain: Mapped[str] = mapped_column(byte_ordered(MAX_EMAIL_LENGTH), index=True)
    phone_person: Mapped[str | None] = mapped_column(byte_ordered(16), index=True)
    survivor_seq: Mapped[int] = mapped_column(Key, index=True)
    entry: Mapped[int]
    replaced_email: Mapped[str | None] = mapped_column(String(MAX_EMAIL_LENGTH))
    replaced_email_key: Mapped[str | None] = mapped_column(byte_ordered(MAX_KEY_LENGTH), index=True)

    __table_args__ = (
        Index("uq_merged_customer_reference_lower", func.lower(reference), unique=True),
    )

    @property
    def subject(self) -> Subject:
        return Subject("customer", self.seq)

    @property
    def full_name(self) -> str:
        return full_name(self.first_name, self.last_name, self.email)

    @property
    def details(self) -> Details:
        return Details(**{name: getattr(self, name) for name in DETAILS})


MOST_SOUGHT = 50
# The columns that a record has of the customer that it was.
COLUMNS = (
    "seq", "id", "reference", *DETAILS, "version", "created_at", "updated_at",
    "email_key", "email_person", "email_domain", "phone_person",
)  # fmt: skip


def has_reference(keys: Collection[str]) -> ColumnElement[bool]:
    """Whether a record has one of these references, in lower case."""
    return func.lower(MergedCustomer.reference).in_(keys)


def has_email(keys: Collection[str]) -> ColumnElement[bool]:
    """Whether a record has one of these addresses (`email_key`), or its survivor had it."""
    merged = MergedCustomer
    return or_(merged.email_key.in_(keys), merged.replaced_email_key.in_(keys))


RECORD = cast(Table, MergedCustomer.__table__).c
_KEY: Any = bindparam("key")
# With the parameter `key`.
HAS_ADDRESS = or_(RECORD.email_key == _KEY, RECORD.replaced_email_key == _KEY)
# Prepared, because everybody who is looked up in vain or added is sought here too.
_SEQS = {
    "id": Prepared(select(RECORD.seq).where(RECORD.id == _KEY)),
    "reference": Prepared(select(RECORD.seq).where(func.lower(RECORD.reference) == _KEY)),
    "email_key": Prepared(select(RECORD.seq).where(HAS_ADDRESS).order_by(RECORD.seq)),
}
_EITHER = Prepared(
    select(RECORD.seq)
    .where(or_(HAS_ADDRESS, func.lower(RECORD.reference) == bindparam("reference")))
    .limit(1)
)


def records_named(name: str, key: Any) -> Sequence[MergedCustomer]:
    """The records that have this `id`, this `reference` in lower case, or this `email_key`, or
    whose survivor had that address.
    """
    seqs = [row.seq for row in _SEQS[name].all(db.session.connection(), key=key)]
    its_own = select(MergedCustomer).where(MergedCustomer.seq.in_(seqs))
    return db.session.scalars(its_own.order_by(MergedCustomer.seq)).all() if seqs else []


def is_named_by_any(customer: Customer) -> bool:
    """Whether a record has the address or the reference of a customer."""
    known = {"key": customer.email_key, "reference": customer.reference.lower()}
    return _EITHER.first(db.session.connection(), **known) is not None


def find_survivor(name: str, key: Any) -> Customer | None:
    """The customer to whom the first record leads that is named; see `records_named`."""
    record = next(iter(records_named(name, key)), None)
    return survivor_of(record) if record else None


def find_record(seq: int) -> Customer | MergedCustomer | None:
    """The customer or merged record with this number."""
    return db.session.get(Customer, seq) or db.session.get(MergedCustomer, seq)


def find_merged(customer_id: UUID) -> MergedCustomer | None:
    return next(iter(records_named("id", customer_id)), None)


def survivor_of(record: MergedCustomer) -> Customer:
    """The customer who survived, however often they were merged in turn."""
    seq = record.survivor_seq
    while further := db.session.get(MergedCustomer, seq):
        seq = further.survivor_seq
    return db.session.get_one(Customer, seq)


def survivors(meant: ColumnElement[bool]) -> list[Customer]:
    """The customers to whom the merged records lead that are meant, at most `MOST_SOUGHT` of
    them.
    """
    records = db.session.scalars(select(MergedCustomer).where(meant).limit(MOST_SOUGHT))
    return list({one.seq: one for one in map(survivor_of, records.all())}.values())


def merged_into(customer: Customer) -> Sequence[MergedCustomer]:
    """All records that lead to this customer, those merged last first; each before those that had
    been merged into it.
    """
    if not customer.also_known:
        return []
    return _under(customer.seq)


def _under(seq: int) -> list[MergedCustomer]:
    query = select(MergedCustomer).where(MergedCustomer.survivor_seq == seq)
    direct = db.session.scalars(query.order_by(MergedCustomer.entry.desc()))
    return [one for record in direct.all() for one in (record, *_under(record.seq))]


def emails_under(record: MergedCustomer) -> set[str]:
    """The addresses (`email_key`) that leave with a record: its own and those of records under
    it.
    """
    under = _under(record.seq)
    replaced = {one.replaced_email_key for one in under if one.replaced_email_key}
    return {record.email_key, *(one.email_key for one in under), *replaced}


def direct_record(record: MergedCustomer, survivor: Customer) -> MergedCustomer:
    """The record merged into the survivor itself by which another one leads to them."""
    while record.survivor_seq != survivor.seq:
        record = db.session.get_one(MergedCustomer, record.survivor_seq)
    return record


def merged_ids(customer: Customer) -> list[UUID]:
    """The ids of all records that lead to this customer."""
    return [record.id for record in merged_into(customer)]


def is_led_on(customer: Customer, asked: UUID | str) -> bool:
    """Whether a customer was asked for by an id, reference or address that is not their own."""
    if not customer.also_known:
        return False
    if isinstance(asked, UUID) or UUID_SHAPED.fullmatch(asked):
        return UUID(str(asked)) != customer.id
    if "@" in asked:
        return typed_email_key(asked) != email_key(customer.email)
    return customer.reference.lower() not in reference_keys(asked)


def also_known_text(seq: int) -> str:
    """What searches read of all records that lead to a customer."""
    return "".join(str(details_columns(record.details)["search"]) for record in _under(seq))


def records_of(customers: Collection[Customer]) -> Mapping[int, Sequence[MergedCustomer]]:
    """All records that lead to each of these customers, by their `seq`."""
    return {one.seq: records for one in customers if (records := merged_into(one))}


def as_customer(record: MergedCustomer) -> Customer:
    """The record as the customer that it was; a copy that belongs to no session."""
    values: dict[str, Any] = {name: getattr(record, name) for name in COLUMNS}
    return Customer(blacklisted=False, also_known="", **values)

"""The tables of customers: those in the book, tombstones and deletion requests."""

import secrets
from collections.abc import Callable
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    column,
    func,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.customers.fields import MAX_REFERENCE_LENGTH, Details, email_person
from webapp.customers.numbering.phones import other_country
from webapp.customers.numbering.renumbering import phone_person
from webapp.history.entries import Subject
from webapp.kernel import clock
from webapp.kernel.database import Identifier, Model, Moment, Sequence, byte_ordered
from webapp.kernel.dialects import id_digits
from webapp.kernel.fields import (
    MAX_EMAIL_LENGTH,
    MAX_NAME_LENGTH,
    ascii_domain,
    email_domain,
    email_key,
    full_name,
)
from webapp.kernel.folding import name_key, searchable

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Folding can lengthen text (one ligature becomes up to eighteen letters). Truncating is harmless:
# lists sort by the first characters anyway.
MAX_KEY_LENGTH = 512
# An index of the last digits of ids, as people read them out, has so many of their 32.
DIGITS_OF_ID_END = 8
ORDER_COLUMNS = {"created": "created_at", "updated": "updated_at", "name": "name_key"}


def _index_of_few(name: str, *columns: Any, where: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _index_of_waiting(name: str, *columns: Any) -> Index:
    """A partial index of the few customers who are on the blacklist."""
    return _index_of_few(name, *columns, where="waits_from is not null")


def id_end(column: Any) -> ColumnElement[str]:
    """The last digits of an id, in the words of their index: without parameters."""
    first: Any = literal_column(str(33 - DIGITS_OF_ID_END))
    return func.substr(id_digits(column), first, literal_column(str(DIGITS_OF_ID_END)))


def _index_of_trigrams(name: str, column: str) -> Index:
    """For PostgreSQL only; SQLite has a separate table. `fastupdate` is off, so that no write has
    to clean up after many others.
    """
    return Index(
        name,
        column,
        postgresql_using="gin",
        postgresql_ops={column: "gin_trgm_ops"},
        postgresql_with={"fastupdate": "off"},
    ).ddl_if(dialect="postgresql")


class Customer(Model):
    """A person in the book.

    Attributes:
        phone_person: What the number has in common with other numbers that ring the same phone,
            unless that is the number itself; see `renumbering`.
        other_country: ISO 3166-1 code of the number's country, if that is not the main one of its
            dial code, such as `CA`.
        search: The text that searches read; see `searchable`.
        also_known: What searches read of the records that were merged into this one.
        waits_from: From when their open case waits for a manager, perhaps in the future; `None` if
            no case is open.
    """

    __tablename__ = "customer"

    seq: Mapped[int] = mapped_column(Sequence, primary_key=True)
    id: Mapped[UUID] = mapped_column(Identifier, unique=True)
    reference: Mapped[str] = mapped_column(byte_ordered(MAX_REFERENCE_LENGTH))
    first_name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    last_name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_LENGTH))
    phone: Mapped[str | None] = mapped_column(byte_ordered(16))
    dial_code: Mapped[str | None] = mapped_column(byte_ordered(5))
    birthday: Mapped[str | None] = mapped_column(byte_ordered(10))
    blacklisted: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    name_key: Mapped[str] = mapped_column(byte_ordered(MAX_KEY_LENGTH))
    email_key: Mapped[str] = mapped_column(byte_ordered(MAX_KEY_LENGTH), unique=True)
    email_person: Mapped[str] = mapped_column(byte_ordered(MAX_KEY_LENGTH), index=True)
    email_domain: Mapped[str] = mapped_column(byte_ordered(MAX_EMAIL_LENGTH))
    phone_person: Mapped[str | None] = mapped_column(byte_ordered(16))
    other_country: Mapped[str | None] = mapped_column(byte_ordered(2))
    search: Mapped[str] = mapped_column(Text)
    also_known: Mapped[str] = mapped_column(Text, default="", server_default="")
    waits_from: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint(f"length(first_name) <= {MAX_NAME_LENGTH}", name="first_name_length"),
        CheckConstraint(f"length(last_name) <= {MAX_NAME_LENGTH}", name="last_name_length"),
        CheckConstraint(f"length(email) between 3 and {MAX_EMAIL_LENGTH}", name="email_length"),
        CheckConstraint(
            f"length(reference) between 1 and {MAX_REFERENCE_LENGTH}", name="reference_length"
        ),
        CheckConstraint(
            "phone is null or (dial_code is not null and phone like dial_code || '%' and "
            "length(phone) <= 16)",
            name="phone_e164",
        ),
        CheckConstraint("dial_code is null or dial_code like '+%'", name="dial_code_plus"),
        CheckConstraint("birthday is null or birthday like '____-__-__'", name="birthday_iso"),
        CheckConstraint("blacklisted = (waits_from is not null)", name="blacklisted_by_a_case"),
        Index("uq_customer_reference_lower", func.lower(reference), unique=True),
        Index("ix_customer_phone", "phone"),
        _index_of_few("ix_customer_phone_person", "phone_person", where="phone_person is not null"),
        Index("ix_customer_created", "created_at", "seq", "dial_code", "blacklisted"),
        Index("ix_customer_updated", "updated_at", "seq", "dial_code", "blacklisted"),
        Index("ix_customer_name", "name_key", "seq", "dial_code", "blacklisted"),
        Index("ix_customer_email_domain", "email_domain", "name_key"),
        Index("ix_customer_dial_code_name", "dial_code", "name_key", "seq", "blacklisted"),
        *(
            _index_of_few(
                f"ix_customer_country_{order}",
                "other_country",
                column,
                "seq",
                "blacklisted",
                where="other_country is not null",
            )
            for order, column in ORDER_COLUMNS.items()
        ),
        Index("ix_customer_id_end", id_end(column("id"))),
        _index_of_trigrams("ix_customer_search", "search"),
        _index_of_waiting("ix_customer_waits_reference", func.lower(reference), "seq"),
        _index_of_waiting("ix_customer_waits", "waits_from", "dial_code", "created_at"),
        _index_of_waiting(
            "ix_customer_waits_created", "created_at", "seq", "waits_from", "dial_code"
        ),
        _index_of_waiting(
            "ix_customer_waits_updated", "updated_at", "seq", "waits_from", "dial_code"
        ),
        _index_of_waiting(
            "ix_customer_waits_name", "name_key", "seq", "waits_from", "dial_code", "created_at"
        ),
        {"sqlite_autoincrement": True},
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

    def enter_blacklist(self, waits_from: datetime | None) -> None:
        """Mark the customer as blacklisted, by an open case that waits for a manager from
        `waits_from`.
        """
        self.blacklisted, self.waits_from = True, waits_from

    def leave_blacklist(self) -> None:
        self.blacklisted, self.waits_from = False, None

    def take(self, details: Details) -> None:
        """Set the details, and every column derived from them."""
        for name, value in details_columns(details).items():
            setattr(self, name, value)
        self.search += self.also_known or ""


class Tombstone(Model):
    """What is left of a deleted customer, so that the book's history stays complete.

    Attributes:
        version: That of the last history entry about them.
        accountable_id: The staff member who deleted them, or who owns the key that did; not known
            for older tombstones.
    """

    __tablename__ = "tombstone"

    customer_seq: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    customer_id: Mapped[UUID] = mapped_column(Identifier, unique=True)
    reference: Mapped[str] = mapped_column(byte_ordered(MAX_REFERENCE_LENGTH))
    version: Mapped[int]
    deleted_at: Mapped[datetime] = mapped_column(Moment)
    deleted_by_kind: Mapped[str] = mapped_column(String(8))
    deleted_by_id: Mapped[int | None]
    deleted_by_name: Mapped[str] = mapped_column(Text)
    accountable_id: Mapped[int | None]

    __table_args__ = (Index("ix_tombstone_accountable_id", "accountable_id", "deleted_at"),)

    @property
    def subject(self) -> Subject:
        return Subject("customer", self.customer_seq)


class DeletionRequest(Model):
    """Somebody wants to delete more customers than one person may in a day, so a second person must
    agree. Deleted with the customer.
    """

    __tablename__ = "deletion_request"

    customer_seq: Mapped[int] = mapped_column(
        ForeignKey("customer.seq"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime] = mapped_column(Moment)
    by_kind: Mapped[str] = mapped_column(String(8))
    by_id: Mapped[int | None]
    by_name: Mapped[str] = mapped_column(Text)
    accountable_id: Mapped[int | None]


DETAILS = tuple(field.name for field in fields(Details))


def details_columns(details: Details) -> dict[str, str | None]:
    """Every column that holds a person's details or is derived from them, with its value."""
    same_phone = phone_person(details.phone) if details.phone else None
    digits = [
        number.removeprefix("+") for number in dict.fromkeys((details.phone, same_phone)) if number
    ]
    ascii_address = (
        "" if details.email.isascii() else f"@{ascii_domain(details.email.rsplit('@', 1)[1])}"
    )
    return asdict(details) | {
        "name_key": name_key(details.first_name, details.last_name)[:MAX_KEY_LENGTH],
        "email_key": email_key(details.email),
        "email_person": email_person(details.email)[:MAX_KEY_LENGTH],
        "email_domain": email_domain(details.email),
        "phone_person": same_phone if same_phone != details.phone else None,
        "other_country": other_country(details.phone) if details.phone else None,
        "search": searchable(
            details.first_name, details.last_name, details.email, ascii_address, *digits
        ),
    }


def new_id(
    at: datetime | None = None, random_bits: Callable[[int], int] = secrets.randbits
) -> UUID:
    """A version 7 UUID (RFC 9562 §5.7): 48 bits of milliseconds, then random bits; sorts by
    creation time.
    """
    milliseconds = clock.to_milliseconds(at or clock.now())
    return UUID(
        int=milliseconds << 80 | 0x7 << 76 | random_bits(12) << 64 | 0b10 << 62 | random_bits(62)
    )


def new_reference(random_bits: Callable[[int], int] = secrets.randbits) -> str:
    """`CUS-` and ten characters of Crockford's base 32: 50 random bits. They may collide; then
    another is made.
    """
    return "CUS-" + "".join(CROCKFORD[random_bits(5)] for _ in range(10))

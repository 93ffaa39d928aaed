"""Finding one customer by id, reference or e-mail: `find_` may return `None`, `get_` raises. What
names a record that was merged into another leads to the customer who survived.
"""

from collections.abc import Collection, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, bindparam, func, select, union_all

from webapp.customers import merged
from webapp.customers.changes import NoSuchCustomer, missing
from webapp.customers.fields import REFERENCE, UUID_SHAPED, reference_keys
from webapp.customers.merged import MergedCustomer
from webapp.customers.models import Customer, Tombstone
from webapp.history.entries import Subject
from webapp.kernel.database import db
from webapp.kernel.dialects import reading
from webapp.kernel.fields import email_key, typed_email_key
from webapp.kernel.prepared import Prepared


def find_customer(customer_id: UUID) -> Customer | None:
    """The customer with this id, or the one into whom that record was merged."""
    customer = db.session.scalar(_BY_ID, {"id": customer_id})
    return customer or merged.find_survivor("id", customer_id)


_BY_ID = select(Customer).where(Customer.id == bindparam("id"))


def find_subject(customer_id: UUID) -> Subject | None:
    """Whose history it is, of a customer who is in the book, was deleted, or was merged."""
    queries = (
        select(Customer.seq).where(Customer.id == customer_id),
        select(Tombstone.customer_seq).where(Tombstone.customer_id == customer_id),
        select(MergedCustomer.seq).where(MergedCustomer.id == customer_id),
    )
    seq = next((one for query in queries if (one := db.session.scalar(query))), None)
    return Subject("customer", seq) if seq else None


def get_customer(customer_id: UUID) -> Customer:
    """The customer with this id.

    Raises:
        NotFound: `customer_not_found`; `CustomerDeleted` if they used to be in the book.
    """
    customer = find_customer(customer_id)
    if customer is None:
        raise missing(customer_id)
    return customer


def get_by_handle(handle: str) -> Customer:
    """The customer with this id, e-mail address or reference, in any spelling.

    Raises:
        NotFound: `customer_not_found`.
    """
    return get_customer(read_by_handle(handle).id)


def read_by_handle(handle: str) -> Any:
    """The same for whoever only reads: a row of what programs are told, without an entity.

    Raises:
        NotFound: `customer_not_found`.
    """
    name, values = _meant(handle)
    value = values[0] if values else None
    with reading() as connection:
        rows = (_READ_BY[name].first(connection, **{name: value}) for value in values)
        row = next((row for row in rows if row), None)
    survivors = (merged.find_survivor(name, value) for value in values if row is None)
    if survivor := next((one for one in survivors if one), None):
        with reading() as connection:
            row = _READ_BY["id"].first(connection, id=survivor.id)
    if row is None:
        raise missing(value) if isinstance(value, UUID) else NoSuchCustomer()
    return row


def _meant(handle: str) -> tuple[str, tuple[Any, ...]]:
    """By what a handle names a customer, and the values that it may have there; by nothing, if it
    can name nobody.
    """
    if UUID_SHAPED.fullmatch(handle):
        return "id", (UUID(handle),)
    if "@" in handle:
        return "email_key", (typed_email_key(handle),)
    return "reference", reference_keys(handle) if REFERENCE.fullmatch(handle) else ()


_customer = cast(Table, Customer.__table__).c
_READ = select(
    _customer.seq,
    _customer.id,
    _customer.version,
    _customer.reference,
    _customer.first_name,
    _customer.last_name,
    _customer.email,
    _customer.phone,
    _customer.dial_code,
    _customer.birthday,
    _customer.blacklisted,
    _customer.also_known,
    _customer.created_at,
    _customer.updated_at,
)
_READ_BY = {
    "id": Prepared(_READ.where(_customer.id == bindparam("id"))),
    "email_key": Prepared(_READ.where(_customer.email_key == bindparam("email_key"))),
    "reference": Prepared(_READ.where(func.lower(_customer.reference) == bindparam("reference"))),
}


_NAMED_SO = Prepared(
    union_all(
        select(_customer.seq).where(_customer.email_key == bindparam("key")),
        select(merged.RECORD.seq).where(merged.HAS_ADDRESS),
    )
)


def customers_by_seq(seqs: Collection[int]) -> Sequence[Customer]:
    """Those of these customers who are in the book, in no order."""
    return db.session.scalars(select(Customer).where(Customer.seq.in_(seqs))).all() if seqs else []


def find_by_typed_email(email: str) -> Customer | None:
    """The customer with this address in any spelling; `None` if it is not an address."""
    return _find_by_key(typed_email_key(email))


def find_by_reference(reference: str) -> Customer | None:
    """The customer with this reference, ignoring case; `None` if it is not a reference."""
    if not REFERENCE.fullmatch(reference):
        return None
    key = reference.lower()
    customer = db.session.scalar(select(Customer).where(func.lower(Customer.reference) == key))
    return customer or merged.find_survivor("reference", key)


def find_by_email(email: str) -> Customer | None:
    """The customer with this address, ignoring case; `email` must be in normal form."""
    return _find_by_key(email_key(email))


def _find_by_key(key: str) -> Customer | None:
    """In one prepared statement: everybody who is added is sought so, mostly in vain."""
    row = _NAMED_SO.first(db.session.connection(), key=key)
    if row is None:
        return None
    return db.session.get(Customer, row.seq) or merged.find_survivor("email_key", key)

"""Finding one customer by id, reference or e-mail: `find_` may return `None`, `get_` raises."""

from uuid import UUID

from sqlalchemy import bindparam, func, select

from webapp.customers.changes import NoSuchCustomer, missing
from webapp.customers.fields import REFERENCE, UUID_SHAPED
from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.kernel.fields import email_key, typed_email_key


def find_customer(customer_id: UUID) -> Customer | None:
    return db.session.scalar(_BY_ID, {"id": customer_id})


_BY_ID = select(Customer).where(Customer.id == bindparam("id"))


_BY_EMAIL_KEY = select(Customer).where(Customer.email_key == bindparam("email_key"))


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
    if UUID_SHAPED.fullmatch(handle):
        return get_customer(UUID(handle))
    customer = find_by_typed_email(handle) if "@" in handle else find_by_reference(handle)
    if customer is None:
        raise NoSuchCustomer
    return customer


def find_by_typed_email(email: str) -> Customer | None:
    """The customer with this address in any spelling; `None` if it is not an address."""
    return db.session.scalar(_BY_EMAIL_KEY, {"email_key": typed_email_key(email)})


def find_by_reference(reference: str) -> Customer | None:
    """The customer with this reference, ignoring case; `None` if it is not a reference."""
    if not REFERENCE.fullmatch(reference):
        return None
    return db.session.scalar(
        select(Customer).where(func.lower(Customer.reference) == reference.lower())
    )


def find_by_email(email: str) -> Customer | None:
    """The customer with this address, ignoring case; `email` must be in normal form."""
    return db.session.scalar(_BY_EMAIL_KEY, {"email_key": email_key(email)})

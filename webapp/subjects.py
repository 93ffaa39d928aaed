"""All subjects of the history, and what it says of their rows: each room's part, put together."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import FromClause, Select, literal, select, union_all

from webapp.blacklist import by_history as blacklist
from webapp.blacklist import erasure
from webapp.blacklist.entries import by_history as entries
from webapp.blacklist.entries.lists import EntryList
from webapp.blacklist.entries.models import BlacklistEntry
from webapp.customers import by_history as customers
from webapp.customers import merged
from webapp.customers.fields import Details
from webapp.customers.merged import MergedCustomer
from webapp.customers.models import DETAILS, Customer, Tombstone, details_columns
from webapp.history.entries import HistoryEntry
from webapp.history.found import Untold
from webapp.history.of_book import BOOK, PRESENT
from webapp.history.rows import FOUND, RowsOf
from webapp.kernel.database import db
from webapp.kernel.fields import email_key
from webapp.lookalikes import by_history as lookalikes
from webapp.merging import by_history as merging
from webapp.programs.webhooks.by_history import ENDPOINTS
from webapp.programs.webhooks.models import WebhookEndpoint
from webapp.staff import by_history as staff
from webapp.staff import passwords
from webapp.staff.models import ApiKey, RolePolicy, StaffMember
from webapp.staff.permissions import Role

# The rows that must be as the history says, by the kind of their subject.
ROWS: dict[str, Sequence[RowsOf]] = {
    "customer": (*customers.ROWS, *merging.ROWS, *blacklist.ROWS, *lookalikes.ROWS),
    "endpoint": ENDPOINTS,
    "entry": entries.ROWS,
    "list": entries.LISTS,
    "key": (staff.KEYS,),
    "role": (staff.ROLES,),
    "staff": (staff.MEMBERS,),
}


# What makes the columns of a row that no entry tells of, because others say what they are.
DERIVED: dict[FromClause, Callable[[Mapping[str, Any]], Mapping[str, Any]]] = {
    Customer.__table__: lambda row: details_columns(
        Details(**{name: row[name] for name in DETAILS})
    ),
    MergedCustomer.__table__: lambda row: {
        name: value
        for name, value in details_columns(Details(**{name: row[name] for name in DETAILS})).items()
        if name in merged.COLUMNS
    },
    StaffMember.__table__: lambda row: {"email_key": email_key(row["email"])},
    RolePolicy.__table__: lambda row: {"role": list(Role)[row["id"] - 1].value},
}
# What stands in for a column that nobody tells of where a row was lost: secrets that nobody has,
# and a time that a projection puts right.
LOST: dict[FromClause, tuple[str, Callable[[Mapping[str, Any]], Any]]] = {
    Customer.__table__: (
        "waits_from",
        lambda row: row["updated_at"] if row["blacklisted"] else None,
    ),
    StaffMember.__table__: (
        "password_hash",
        lambda _: passwords.hashed(secrets.token_urlsafe()),
    ),
    ApiKey.__table__: ("secret_hash", lambda _: secrets.token_bytes(32)),
    WebhookEndpoint.__table__: ("secret", lambda _: ""),
}


def everybody() -> dict[str, Select[Any]]:
    """All subjects of the history, by kind, ordered by key, with their versions."""
    gone = select(Tombstone.customer_seq, Tombstone.version)
    absorbed = select(MergedCustomer.seq, MergedCustomer.version)
    both = select(Customer.seq, Customer.version).union_all(gone, absorbed).subquery()
    blocks = select(HistoryEntry.subject_seq, literal(1)).where(HistoryEntry.subject == FOUND)
    return {
        BOOK.kind: PRESENT,
        "customer": select(both).order_by(both.c.seq),
        "endpoint": select(WebhookEndpoint.id, WebhookEndpoint.version).order_by(
            WebhookEndpoint.id
        ),
        "entry": select(BlacklistEntry.seq, BlacklistEntry.version).order_by(BlacklistEntry.seq),
        FOUND: blocks.order_by(HistoryEntry.subject_seq),
        "key": select(ApiKey.id, ApiKey.version).order_by(ApiKey.id),
        "list": select(EntryList.seq, EntryList.version).order_by(EntryList.seq),
        "role": select(RolePolicy.id, RolePolicy.version).order_by(RolePolicy.id),
        "staff": select(StaffMember.id, StaffMember.version).order_by(StaffMember.id),
    }


def _customers_after(seq: int, most: int) -> Sequence[int]:
    living = select(Customer.seq.label("seq")).where(Customer.seq > seq)
    gone = select(Tombstone.customer_seq).where(Tombstone.customer_seq > seq)
    absorbed = select(MergedCustomer.seq).where(MergedCustomer.seq > seq)
    both = union_all(living, gone, absorbed).order_by("seq").limit(most)
    return list(db.session.scalars(both))


def _keys_after(key: int, most: int) -> Sequence[int]:
    later = select(ApiKey.id).where(ApiKey.id > key).order_by(ApiKey.id)
    return list(db.session.scalars(later.limit(most)))


UNTOLD = (
    Untold("customer", _customers_after, (customers.look, erasure.look, lookalikes.look)),
    Untold("key", _keys_after, (staff.look_at_keys,)),
)

"""What the history says of the rows of customers and tombstones."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from webapp.customers.models import DETAILS, Customer, Tombstone
from webapp.history.rows import RowsOf, Telling

OF_CREATION = (*DETAILS, "reference")


def _customers(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    if not entries or _deletion(entries):
        return []
    row: dict[str, Any] = dict.fromkeys(DETAILS) | {"blacklisted": False}
    for entry in entries:
        row |= {name: entry.new[name] for name in OF_CREATION if entry.new and name in entry.new}
        row["blacklisted"] = entry.value("blacklisted", row["blacklisted"])
    return [row | {"created_at": entries[0].at, "updated_at": entries[-1].at}]


def _tombstones(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    deletion = _deletion(entries)
    if deletion is None:
        return []
    return [
        {
            "deleted_at": deletion.at,
            "deleted_by_kind": deletion.actor_kind,
            "deleted_by_id": deletion.actor_id,
            "deleted_by_name": deletion.actor_name,
        }
    ]


def _deletion(entries: Sequence[Telling]) -> Telling | None:
    """The entry of it; a manager may have agreed to a removal since."""
    return next((entry for entry in entries if entry.kind == "deleted"), None)


ROWS = (
    RowsOf(
        "details",
        select(
            Customer.seq,
            *(getattr(Customer, name) for name in OF_CREATION),
            Customer.blacklisted,
            Customer.created_at,
            Customer.updated_at,
        ).order_by(Customer.seq),
        _customers,
    ),
    RowsOf(
        "tombstone",
        select(
            Tombstone.customer_seq,
            Tombstone.deleted_at,
            Tombstone.deleted_by_kind,
            Tombstone.deleted_by_id,
            Tombstone.deleted_by_name,
        ).order_by(Tombstone.customer_seq),
        _tombstones,
    ),
)

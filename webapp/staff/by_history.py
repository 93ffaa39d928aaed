"""What the history says of the rows of members, role policies and API keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from webapp.history.rows import RowsOf, Telling
from webapp.staff.models import ApiKey, RolePolicy, StaffMember

ACTIVE_AFTER = {"deactivated": False, "reactivated": True}


def _members(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    row: dict[str, Any] = {"active": True}
    for entry in entries:
        row |= {name: entry.value(name) for name in ("email", "name", "role") if entry.value(name)}
        row["active"] = ACTIVE_AFTER.get(entry.kind, row["active"])
    return [row | {"created_at": entries[0].at}] if entries else []


def _roles(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    name = "needs_second_factor"
    needs = False
    for entry in entries:
        needs = entry.value(name, needs)
    return [{name: needs}]


def _keys(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    """Entries of before the log do not tell owners, and migrations changed the scopes of such keys,
    or revoked them.
    """
    row: dict[str, Any] = {}
    for entry in entries:
        if entry.kind == "key_created":
            row["name"] = entry.value("name")
        if entry.value("owner_id") is not None:
            row["owner_id"] = entry.value("owner_id")
        if entry.kind == "key_created" and "owner_id" in row:
            row |= {"scopes": str(entry.value("scopes")).split(), "revoked_at": None}
        if entry.kind == "key_revoked":
            row["revoked_at"] = entry.at
    return [row] if entries else []


MEMBERS = RowsOf(
    "account",
    select(
        StaffMember.id,
        StaffMember.email,
        StaffMember.name,
        StaffMember.role,
        StaffMember.active,
        StaffMember.created_at,
    ).order_by(StaffMember.id),
    _members,
)
ROLES = RowsOf(
    "policy",
    select(RolePolicy.id, RolePolicy.needs_second_factor).order_by(RolePolicy.id),
    _roles,
)
KEYS = RowsOf(
    "key",
    select(ApiKey.id, ApiKey.name, ApiKey.scopes, ApiKey.revoked_at, ApiKey.owner_id).order_by(
        ApiKey.id
    ),
    _keys,
)

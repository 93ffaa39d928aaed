"""What the history says of the rows of members, role policies and API keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from webapp.history.found import Found
from webapp.history.rows import FOUND, RowsOf, Telling
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.staff.models import ApiKey, RolePolicy, StaffMember

OF_KEY = ["name", "hint", "secret_hash", "scopes", "owner_id"]
OF_KEY += ["created_at", "expires_at", "revoked_at"]
ROLLED = ["hint", "secret_hash", "old_secret_hash", "old_secret_until"]
# With the column that is never found, because each entry says it.
LATER_OF_KEY = ["calls_per_minute", "old_secret_hash", "old_secret_until"]
COMPARED_OF_KEY = [*OF_KEY, *LATER_OF_KEY, "version"]
ACTIVE_AFTER = {"deactivated": False, "reactivated": True}


def _members(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    row: dict[str, Any] = {"active": True}
    for entry in entries:
        row |= {name: entry.value(name) for name in ("email", "name", "role") if entry.value(name)}
        row["active"] = ACTIVE_AFTER.get(entry.kind, row["active"])
    if not entries:
        return []
    return [row | {"created_at": entries[0].at, "version": entries[-1].version}]


def _roles(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    name = "needs_second_factor"
    needs = False
    for entry in entries:
        needs = entry.value(name, needs)
    return [{name: needs, "version": entries[-1].version if entries else 0}]


def _keys(entries: Sequence[Telling]) -> list[Mapping[str, Any]]:
    """Entries of before the log do not tell all of a key, and migrations changed the scopes of such
    keys, or revoked them.
    """
    row: dict[str, Any] = {}
    is_whole = False
    for entry in entries:
        if entry.kind == FOUND and not is_whole:
            row |= {name: _read(name, value) for name, value in (entry.new or {}).items()}
        elif entry.kind == "key_created":
            row |= _created(entry)
            is_whole = entry.value("hint") is not None
        elif entry.kind == "key_rolled":
            row |= {name: _read(name, entry.value(name)) for name in ROLLED}
        elif entry.kind == "key_limit_set":
            row["calls_per_minute"] = entry.value("calls_per_minute")
        elif entry.value("owner_id") is not None:
            row["owner_id"] = entry.value("owner_id")
        elif entry.kind == "key_revoked":
            row["revoked_at"] = entry.at
    return [row | {"version": entries[-1].version}] if entries else []


def _created(entry: Telling) -> dict[str, Any]:
    if entry.value("hint") is None:
        return {"name": entry.value("name")}
    row = {name: _read(name, entry.value(name)) for name in ("name", "hint", "owner_id")}
    row |= {"scopes": str(entry.value("scopes")).split(), "created_at": entry.at}
    if entry.value("secret_hash") is not None:
        row["secret_hash"] = _read("secret_hash", entry.value("secret_hash"))
    row |= {"expires_at": _read("expires_at", entry.value("expires_at")), "revoked_at": None}
    return row | {name: entry.value(name) for name in LATER_OF_KEY}


def _read(name: str, value: Any) -> Any:
    if name.endswith("secret_hash"):
        return bytes.fromhex(value)
    return clock.from_iso(value) if name.endswith(("_at", "_until")) else value


def look_at_keys(ids: Sequence[int]) -> Found:
    """What entries of before the log do not say of keys."""
    keys = db.session.scalars(select(ApiKey).where(ApiKey.id.in_(ids)))
    return {key.id: {name: _written(getattr(key, name)) for name in OF_KEY} for key in keys}


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return clock.in_iso(value) if isinstance(value, datetime) else value


MEMBERS = RowsOf(
    "account",
    StaffMember.__table__,
    "id",
    select(
        StaffMember.id,
        StaffMember.email,
        StaffMember.name,
        StaffMember.role,
        StaffMember.active,
        StaffMember.version,
        StaffMember.created_at,
    ).order_by(StaffMember.id),
    _members,
)
ROLES = RowsOf(
    "policy",
    RolePolicy.__table__,
    "id",
    select(RolePolicy.id, RolePolicy.needs_second_factor, RolePolicy.version).order_by(
        RolePolicy.id
    ),
    _roles,
)
KEYS = RowsOf(
    "key",
    ApiKey.__table__,
    "id",
    select(ApiKey.id, *(getattr(ApiKey, name) for name in COMPARED_OF_KEY)).order_by(ApiKey.id),
    _keys,
)

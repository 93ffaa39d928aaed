"""A row of this room while it changes: held, its version counted, and what happened written down with it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from webapp.history.entries import Actor, Event, record
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.staff.models import ApiKey, RolePolicy, StaffMember


def find_unchanged(staff_id: int, password_hash: str) -> StaffMember | None:
    """The member whose password was just proved, held for the present write transaction.

    `None` when, while it was checked, somebody reset it or closed the door to them.
    """
    unchanged = StaffMember.active & (StaffMember.password_hash == password_hash)
    return db.session.scalar(select(StaffMember).where(StaffMember.id == staff_id, unchanged).with_for_update())


def write_down(
    row: StaffMember | ApiKey | RolePolicy,
    kind: str,
    by: Actor,
    *,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
) -> None:
    """Count a change and append it to the history of its row, in the present write transaction.

    Args:
        kind: What happened, such as `role_changed`.
    """
    row.version += 1
    db.session.flush()
    event = Event(kind=kind, at=clock.now(), by=by, version=row.version, old=old or {}, new=new or {})
    record(row.subject, event)

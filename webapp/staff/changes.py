"""Locking a member whose password has just been checked, while something of theirs changes."""

from sqlalchemy import select

from webapp.kernel.database import db
from webapp.staff.models import StaffMember


def find_unchanged(staff_id: int, password_hash: str) -> StaffMember | None:
    """The member whose password has just been checked, locked for the present write transaction.

    `None` if meanwhile somebody reset the password or deactivated the member.
    """
    unchanged = StaffMember.active & (StaffMember.password_hash == password_hash)
    return db.session.scalar(
        select(StaffMember).where(StaffMember.id == staff_id, unchanged).with_for_update()
    )

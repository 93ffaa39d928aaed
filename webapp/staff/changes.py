"""A member whose password was just proved, held while something of theirs changes."""

from sqlalchemy import select

from webapp.kernel.database import db
from webapp.staff.models import StaffMember


def find_unchanged(staff_id: int, password_hash: str) -> StaffMember | None:
    """The member whose password was just proved, held for the present write transaction.

    `None` when, while it was checked, somebody reset it or closed the door to them.
    """
    unchanged = StaffMember.active & (StaffMember.password_hash == password_hash)
    return db.session.scalar(
        select(StaffMember).where(StaffMember.id == staff_id, unchanged).with_for_update()
    )

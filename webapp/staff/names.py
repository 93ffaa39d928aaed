"""Names by which people and programs appear in the history: nobody may take another's."""

from sqlalchemy import select

from webapp.kernel.database import db
from webapp.kernel.dialects import advisory_lock
from webapp.kernel.folding import skeleton
from webapp.staff.models import ApiKey, StaffMember

# Namespace of this module in `pg_advisory_xact_lock(int, int)`: serialises people who take the same
# name at once.
LOCK_NAMESPACE = 6
RESERVED = ("system", "operator", "gatebook", "sample-staff", "sample data", "the operator")


def refuse_another_name(name: str, *, member_id: int | None = None) -> None:
    """Refuse a name that could be mistaken for another's, in the write transaction that sets it.

    Others are members, keys, and Gatebook itself. Names are compared by their skeletons (UTS #39),
    ignoring case, accents, spaces and look-alike letters. Two people may have the same name, but an
    added word must tell them apart.

    Args:
        member_id: The member who gets the name, and may keep their own.

    Raises:
        ValueError: with the sentence for whoever chose it.
    """
    advisory_lock(LOCK_NAMESPACE, [0])
    comparable = _comparable(name)
    if comparable in {_comparable(word) for word in RESERVED}:
        raise ValueError("This name is kept for Gatebook itself; choose another")
    members = db.session.execute(select(StaffMember.id, StaffMember.name))
    if any(
        _comparable(other) == comparable for other_id, other in members if other_id != member_id
    ):
        raise ValueError(
            "Somebody who works here has this name, or one that looks like it; add a word"
        )
    keys = db.session.scalars(select(ApiKey.name).where(ApiKey.revoked_at.is_(None)))
    if any(_comparable(other) == comparable for other in keys):
        raise ValueError("A key has this name, or one that looks like it; choose another")


def _comparable(name: str) -> str:
    return skeleton(name).replace(" ", "")

"""Four eyes: who counts as the same person, because one of them could have signed in as the other.

Whoever created an account, or reset its password or second factor, within the last 30 days counts
as the same person as that member, also through others: somebody who created an admin who created a
manager could sign in as either. Resets also tie members to one another indirectly. Having been
added by the same admin does not, or nobody in a new company could review anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from webapp.history.entries import HistoryEntry
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict

TIED_FOR = timedelta(days=30)
# The kinds of entry that let one person sign in as another, and how each is described.
TIES = {
    "added": "created the account of {}",
    "password_reset": "gave out a one-time password for the account of {}",
    "second_factor_reset": "removed a second factor, that of {}",
}


class OwnDecision(Conflict):
    """Nobody decides on what they themselves opened or requested, nor does anybody tied to them."""

    code = "own_decision"


@dataclass(frozen=True)
class Tie:
    """Since `at`, one person could have signed in as another."""

    at: datetime
    kind: str
    by_id: int | None
    by_name: str
    member_id: int


def eyes_of(staff_id: int | None) -> frozenset[int]:
    """Everybody who counts as the same person as a member, including the member.

    Cached for the transaction, since a queue asks it for every case.
    """
    known = db.session.info.get("eyes")
    asked = (db.session().get_transaction(), staff_id)
    if known is None or known[0] != asked:
        known = (asked, _eyes_of(staff_id))
        db.session.info["eyes"] = known
    eyes: frozenset[int] = known[1]
    return eyes


def _eyes_of(staff_id: int | None) -> frozenset[int]:
    if staff_id is None:
        return frozenset()
    known = [tie for tie in ties() if tie.by_id is not None]
    up = [(tie.member_id, tie.by_id) for tie in known]
    down = [(tie.by_id, tie.member_id) for tie in known]
    resets = [(tie.member_id, tie.by_id) for tie in known if tie.kind != "added"]
    either_way = resets + [(by_id, member_id) for member_id, by_id in resets]
    eyes = _reached(staff_id, up) | _reached(staff_id, down) | _reached(staff_id, either_way)
    return frozenset(eye for eye in eyes if eye is not None)


def _reached(start: int, steps: Sequence[tuple[int | None, int | None]]) -> set[int | None]:
    """Everybody who can be reached from one member, step by step."""
    reached: set[int | None] = {start}
    grown = True
    while grown:
        more = {to for one, to in steps if one in reached} - reached
        grown, reached = bool(more), reached | more
    return reached


def ties(*, since: datetime | None = None) -> Sequence[Tie]:
    """Who could have signed in as whom within the last 30 days, or since `since`, latest first."""
    entry = HistoryEntry
    at = since or clock.now() - TIED_FOR
    query = select(
        entry.at, entry.kind, entry.actor_kind, entry.actor_id, entry.actor_name, entry.subject_seq
    )
    query = query.where(entry.subject == "staff", entry.kind.in_(TIES), entry.at > at)
    rows = db.session.execute(query.order_by(entry.at.desc(), entry.subject_seq))
    return [
        Tie(
            row.at,
            row.kind,
            row.actor_id if row.actor_kind == "staff" else None,
            row.actor_name,
            row.subject_seq,
        )
        for row in rows
    ]


def why_the_same(you: int | None, other: int | None, name: str) -> str:
    """What ties `you` to the person called `name`, addressed to `you`; the empty text if no direct
    tie does.
    """
    for tie in ties():
        if (tie.by_id, tie.member_id) == (you, other):
            return f"you {TIES[tie.kind].format(name)} within the last 30 days"
        if (tie.by_id, tie.member_id) == (other, you):
            return f"{tie.by_name} {TIES[tie.kind].format('yours')} within the last 30 days"
    return ""


def told_to(staff_id: int) -> Sequence[Tie]:
    """What others recently did to a member's credentials, shown to the member at sign-in."""
    return [tie for tie in ties() if tie.member_id == staff_id and tie.kind != "added"]

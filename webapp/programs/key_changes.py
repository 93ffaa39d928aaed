"""What changes about a program's key while it is in use: its secret, its limit, and who answers for
it.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from webapp.history.changes import changing
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.refusals import Conflict, InvalidDetails
from webapp.programs.api_keys import (
    HINT_LENGTH,
    MOST_CALLS,
    TOO_MANY_CALLS,
    hash_of,
    is_good,
    locked_key,
    new_secret,
)
from webapp.staff.members import get_member
from webapp.staff.models import ApiKey, StaffMember


class NotItsOwner(Conflict):
    code = "not_its_owner"
    sentence = "Only its owner makes another secret; take the key over first"


class OwnKey(Conflict):
    code = "own_key"
    sentence = "You answer for this key; another admin hands it over"


# For how many hours the old secret may stay good.
MOST_HOURS = 24 * 30


def roll_key(key_id: int, *, hours: int, by: Actor) -> tuple[ApiKey, str]:
    """Make another secret. All else stays: scopes, owner, limit, what it opened, kept answers.

    Args:
        hours: How long the old secret stays good, up to `MOST_HOURS`; 0 ends it at once. One that
            is older still ends at once.

    Returns:
        The key, and its new secret, available in clear only now.

    Raises:
        NotFound: `key_not_found`.
        Conflict: `revoked_before`; or `not_its_owner`: whoever has a secret answers for what is
            done with it.
        Invalid: `invalid_details`, on `hours`.
    """
    if not 0 <= hours <= MOST_HOURS:
        raise InvalidDetails.on("hours", f"This must be from 0 to {MOST_HOURS} hours")
    secret = new_secret()
    with changing(lambda: locked_key(key_id), by=by) as change:
        key = change.row
        if by.kind == "staff" and key.owner_id not in (None, by.id):
            raise NotItsOwner
        key.old_secret_hash = key.secret_hash
        key.old_secret_until = change.at + timedelta(hours=hours)
        key.secret_hash, key.hint = hash_of(secret), secret[:HINT_LENGTH]
        hashes = {name: getattr(key, name).hex() for name in ("secret_hash", "old_secret_hash")}
        until = clock.in_iso(key.old_secret_until)
        new = {"hint": key.hint, "old_secret_until": until}
        change.record("key_rolled", new=new | hashes)
    return key, secret


def set_limit(key_id: int, *, calls_per_minute: int | None, by: Actor) -> ApiKey:
    """Give a program a limit of its own, or with `None` that of all others.

    Raises:
        NotFound: `key_not_found`.
        Conflict: `revoked_before`.
        Invalid: `invalid_details`, on `calls_per_minute`.
    """
    if calls_per_minute is not None and not 1 <= calls_per_minute <= MOST_CALLS:
        raise InvalidDetails.on("calls_per_minute", TOO_MANY_CALLS)
    with changing(lambda: locked_key(key_id), by=by) as change:
        key = change.row
        if key.calls_per_minute != calls_per_minute:
            change.record(
                "key_limit_set",
                old={"calls_per_minute": key.calls_per_minute},
                new={"calls_per_minute": calls_per_minute},
            )
            key.calls_per_minute = calls_per_minute
        return key


def hand_over(key_id: int, *, owner_id: int, by: Actor) -> ApiKey:
    """Make another member the owner of a key, from its next call on.

    Raises:
        NotFound: `key_not_found` or `staff_not_found`.
        Conflict: `revoked_before`; or `own_key`: nobody makes another answer for a secret that they
            have.
        Invalid: `invalid_details`, on `owner`, who must work here.
    """
    with changing(lambda: locked_key(key_id), by=by) as change:
        key, owner = change.row, get_member(owner_id)
        if key.owner_id == owner.id:
            return key
        if by.kind == "staff" and key.owner_id == by.id:
            raise OwnKey
        if not owner.active:
            raise InvalidDetails.on("owner", "This person does not work here any more")
        before = db.session.get(StaffMember, key.owner_id) if key.owner_id else None
        change.record(
            "key_handed_over",
            old={"owner": before.name if before else "", "owner_id": key.owner_id},
            new={"owner": owner.name, "owner_id": owner.id},
        )
        key.owner_id = owner.id
        return key


def keys_of(staff_id: int) -> Sequence[ApiKey]:
    """The keys that a member answers for, and that work as long as they are here; by name."""
    its_own = select(ApiKey).where(ApiKey.owner_id == staff_id).order_by(ApiKey.name, ApiKey.id)
    return [key for key in db.session.scalars(its_own) if is_good(key)]

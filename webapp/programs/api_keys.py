"""API keys: the secrets by which programs authenticate. A key has an owner, who answers for what
it does.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, or_, select, update

from webapp.history.changes import adding, changing
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import Moment, db, write_if_free
from webapp.kernel.dialects import reading
from webapp.kernel.fields import read_name
from webapp.kernel.prepared import Prepared
from webapp.kernel.refusals import Conflict, NotFound
from webapp.kernel.submission import Submission
from webapp.programs.program import Program
from webapp.staff import names
from webapp.staff.models import ApiKey, StaffMember
from webapp.staff.permissions import SCOPES, Permission, Role, Scope, may

# A fixed prefix, so that leaked keys can be searched for and secret scanners recognise them.
PREFIX = "gatebook_"
SECRET_BYTES = 32
HINT_LENGTH = len(PREFIX) + 6
MOST_CALLS = 1_000_000
TOO_MANY_CALLS = f"This must be a whole number from 1 to {MOST_CALLS:,}"
USED_PRECISION = timedelta(minutes=1)


class NoSuchKey(NotFound):
    code = "key_not_found"
    sentence = "There is no such key"


class KeyRevoked(Conflict):
    code = "revoked_before"
    sentence = "This key was revoked already"


def create_key(
    *,
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None = None,
    by: Actor,
    owner_id: int | None = None,
    calls_per_minute: int | None = None,
) -> tuple[ApiKey, str]:
    """Create a key.

    Args:
        name: As shown in the history.
        scopes: At least one of `Scope`.
        owner_id: Who answers for it, and whose permissions bound what it may do; by default its
            creator.
        calls_per_minute: A limit of its own; that of all others by default.

    Returns:
        The key, and its secret, available in clear only now: `gatebook_` and 256 random bits.

    Raises:
        Invalid: `invalid_details`, with problems on `name`, `scopes`, `expires_on` and `owner`.
    """
    owner_id = by.id if owner_id is None and by.kind == "staff" else owner_id
    secret = new_secret()

    def make() -> ApiKey:
        return ApiKey(
            secret_hash=hash_of(secret),
            hint=secret[:HINT_LENGTH],
            name=_read_key(name, scopes, expires_at, owner_id, calls_per_minute),
            scopes=[scope.value for scope in Scope if scope in scopes],
            owner_id=owner_id,
            created_at=clock.now(),
            expires_at=expires_at,
            calls_per_minute=calls_per_minute,
            version=1,
        )

    with adding(make, by=by) as change:
        key = change.row
        expiry = clock.in_iso(key.expires_at) if key.expires_at else None
        known = {"name": key.name, "scopes": " ".join(key.scopes), "owner_id": key.owner_id}
        secrets_ = {"hint": key.hint, "secret_hash": key.secret_hash.hex()}
        more = {"expires_at": expiry, "calls_per_minute": calls_per_minute}
        change.record("key_created", new=known | secrets_ | more)
    return change.row, secret


def new_secret() -> str:
    """A secret of 256 random bits, with the prefix."""
    return PREFIX + secrets.token_urlsafe(SECRET_BYTES)


def _read_key(
    name: str,
    scopes: Sequence[str],
    expires_at: datetime | None,
    owner_id: int | None,
    calls: int | None,
) -> str:
    submission = Submission()
    submission.read("name", _read_key_name, name)
    if not scopes or not set(scopes) <= set(Scope):
        submission.note("scopes", f"Choose at least one of {', '.join(Scope)}")
    if expires_at and expires_at <= clock.now():
        submission.note("expires_on", "This is in the past")
    if owner_id is None:
        submission.note("owner", "Say who answers for what the key does")
    if calls is not None and not 1 <= calls <= MOST_CALLS:
        submission.note("calls_per_minute", TOO_MANY_CALLS)
    submission.refuse_if_wrong()
    return str(submission.values["name"])


def _read_key_name(text: str) -> str:
    name = read_name(text)
    names.refuse_another_name(name)
    return name


def revoke_key(key_id: int, *, by: Actor) -> ApiKey:
    """Revoke a key; takes effect from the next request on, in every worker.

    Raises:
        NotFound: `key_not_found`.
        Conflict: `revoked_before`.
    """
    with changing(lambda: locked_key(key_id), by=by) as change:
        change.row.revoked_at = change.at
        change.record("key_revoked")
        return change.row


def locked_key(key_id: int) -> ApiKey:
    """A key that is not revoked, locked until the transaction ends."""
    key = db.session.get(ApiKey, key_id, with_for_update=True)
    if key is None:
        raise NoSuchKey
    if key.revoked_at:
        raise KeyRevoked
    return key


def get_key(key_id: int) -> ApiKey:
    """The key with this number.

    Raises:
        NotFound: `key_not_found`.
    """
    key = db.session.get(ApiKey, key_id)
    if key is None:
        raise NoSuchKey
    return key


def find_program(secret: str) -> Program | None:
    """The program with this secret, or `None`; the key must be good, and its owner active."""
    if not secret.startswith(PREFIX):
        return None
    with reading() as connection:
        row = _BY_SECRET.first(connection, secret_hash=hash_of(secret), now=clock.now())
    if row is None or not is_good(row):
        return None
    role = Role(row.role) if row.role else None
    known = (row.id, row.name, row.scopes, row.owner_id, row.used_at, role, row.expires_at)
    return Program(*known, row.calls_per_minute)


_key, _owner = cast(Table, ApiKey.__table__), cast(Table, StaffMember.__table__)
_BY_SECRET = Prepared(
    select(
        _key.c.id,
        _key.c.name,
        _key.c.scopes,
        _key.c.owner_id,
        _key.c.used_at,
        _key.c.revoked_at,
        _key.c.expires_at,
        _key.c.calls_per_minute,
        _owner.c.role,
    )
    .select_from(_key.outerjoin(_owner, _owner.c.id == _key.c.owner_id))
    .where(
        or_(
            _key.c.secret_hash == bindparam("secret_hash"),
            (_key.c.old_secret_hash == bindparam("secret_hash"))
            & (_key.c.old_secret_until > bindparam("now", type_=Moment)),
        ),
        _key.c.owner_id.is_(None) | _owner.c.active,
    )
)


def is_good(key: Any) -> bool:
    """Whether a key, or a row with its columns, is neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > clock.now())


def note_used(key: Program) -> None:
    """Store the time of last use, at most once a minute; skipped while others are writing."""
    now = clock.now()
    if key.used_at is None or now - key.used_at >= USED_PRECISION:
        used = update(ApiKey).where(ApiKey.id == key.id).values(used_at=now)
        write_if_free(lambda: db.session.execute(used))


def actor_of(key: ApiKey | Program, *, request_id: str) -> Actor:
    """The actor of a call made with this key."""
    return Actor(
        kind="key",
        id=key.id,
        name=key.name,
        door="api",
        request_id=request_id,
        owner_id=key.owner_id,
    )


def why_refused(secret: str) -> str:
    """Why a key does not work any more, to whoever has its secret: `revoked`, `expired` or `owner
    left`; the empty string if there is no such key.
    """
    if not secret.startswith(PREFIX):
        return ""
    named_so = select(ApiKey, StaffMember).outerjoin(StaffMember, StaffMember.id == ApiKey.owner_id)
    mark = hash_of(secret)
    is_its = or_(ApiKey.secret_hash == mark, ApiKey.old_secret_hash == mark)
    row = db.session.execute(named_so.where(is_its)).first()
    if row is None:
        return ""
    standing, is_old = standing_of(*row), row[0].secret_hash != mark
    return "expired" if is_old and standing == "good" else standing


def list_keys() -> Sequence[tuple[ApiKey, StaffMember | None]]:
    """Every key with its owner, the newest first."""
    query = select(ApiKey, StaffMember).outerjoin(StaffMember, StaffMember.id == ApiKey.owner_id)
    return [(key, owner) for key, owner in db.session.execute(query.order_by(ApiKey.id.desc()))]


def standing_of(key: ApiKey, owner: StaffMember | None) -> str:
    """Whether a key works: `good`, or why not: `revoked`, `expired` or `owner left`."""
    if is_good(key):
        return "owner left" if owner and not owner.active else "good"
    return "revoked" if key.revoked_at else "expired"


def hash_of(secret: str) -> bytes:
    """A plain hash, without salt or stretching, is enough: a secret has 256 random bits."""
    return hashlib.sha256(secret.encode(errors="replace")).digest()


def may_still(by: Actor, permission: Permission) -> bool:
    """Whether whoever began something long may go on with it: the member by their present role, a
    key by its scopes and its owner's role.
    """
    if by.kind == "system":
        return True
    member_id = by.owner_id if by.kind == "key" else by.id
    member = db.session.get(StaffMember, member_id, populate_existing=True) if member_id else None
    may_so = bool(member and member.active and may(Role(member.role), permission))
    if by.kind != "key" or not may_so:
        return may_so
    key = db.session.get_one(ApiKey, by.id, populate_existing=True)
    return standing_of(key, member) == "good" and SCOPES.get(permission) in key.scopes

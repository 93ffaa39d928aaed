"""Sessions: a signed-in browser is identified by an opaque token, of which only the hash
is stored.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, select, update

from webapp.history.entries import Actor
from webapp.kernel import clock, crypto
from webapp.kernel.database import db, write_if_free, writing
from webapp.kernel.prepared import Prepared
from webapp.staff.models import (
    MAX_ADDRESS_LENGTH,
    MAX_BROWSER_LENGTH,
    RolePolicy,
    StaffMember,
    StaffSession,
)
from webapp.staff.permissions import Role
from webapp.staff.unread import UnreadDecision

SEEN_PRECISION = timedelta(minutes=1)
TOKEN_BYTES = 32


@dataclass(frozen=True)
class SessionLimits:
    """A session ends after `idle` without use, and at the latest `absolute` after signing in."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody signs in.

    Attributes:
        address: The client's IP address; guessing is slowed down per address.
        browser: Its name as people know it, such as `Firefox on Windows`.
        time_zone: IANA zone of the browser, if it sent one.
    """

    address: str
    browser: str = ""
    time_zone: str | None = None


@dataclass(frozen=True, kw_only=True)
class CurrentStaff:
    """Who makes the present request, as their session and staff row stood when it began.

    Attributes:
        lacks_second_factor: Their role requires one, and they have none yet.
        unread: How many decisions they have not read yet.
    """

    id: int
    name: str
    email: str
    role: Role
    must_change_password: bool
    lacks_second_factor: bool
    theme: str
    density: str
    chosen_time_zone: str | None
    single_keys: bool
    wants_digest: bool
    unread: int
    place: Place
    began_at: datetime
    seen_at: datetime
    carried: dict[str, Any]

    @property
    def time_zone(self) -> str | None:
        """The zone they chose, else the one that their browser sent at sign-in."""
        return self.chosen_time_zone or self.place.time_zone

    def actor(self, *, door: str, request_id: str) -> Actor:
        return Actor(kind="staff", id=self.id, name=self.name, door=door, request_id=request_id)


def begin_session(staff_id: int, *, place: Place, ends_at: datetime | None = None) -> str:
    """Add a session in the present write transaction and return its token: 256 random bits.

    Args:
        ends_at: When it ends at the latest, if it began with a one-time password.
    """
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    db.session.add(
        StaffSession(
            token_hash=token_hash(token),
            staff_id=staff_id,
            created_at=now,
            seen_at=now,
            ends_at=ends_at,
            time_zone=place.time_zone if place.time_zone in clock.time_zones() else None,
            address=place.address[:MAX_ADDRESS_LENGTH],
            browser=place.browser[:MAX_BROWSER_LENGTH],
        )
    )
    return token


def find_visitor(token: str, limits: SessionLimits) -> CurrentStaff | None:
    """Who holds this token; `None` if its session is over or unknown, or its member was
    deactivated.
    """
    row = _VISITOR.first(db.session.connection(), token_hash=token_hash(token))
    if not row or _is_over(row, limits, clock.now()):
        return None
    return CurrentStaff(
        id=row.id,
        name=row.name,
        email=row.email,
        role=Role(row.role),
        must_change_password=row.must_change_password,
        lacks_second_factor=row.policy is not None and row.totp_secret is None,
        theme=row.theme,
        density=row.density,
        chosen_time_zone=row.chosen_time_zone,
        single_keys=row.single_keys,
        wants_digest=row.wants_digest,
        unread=row.unread,
        place=Place(address=row.address, browser=row.browser, time_zone=row.time_zone),
        began_at=row.created_at,
        seen_at=row.seen_at,
        carried=_opened(row.carried, token),
    )


_session, _member, _policy = (
    StaffSession.__table__.c,
    StaffMember.__table__.c,
    RolePolicy.__table__.c,
)
_unread = (
    select(func.count())
    .select_from(UnreadDecision)
    .where(UnreadDecision.staff_id == _member.id)
    .scalar_subquery()
)
_VISITOR = Prepared(
    select(
        _member.id,
        _member.name,
        _member.email,
        _member.role,
        _member.must_change_password,
        _member.totp_secret,
        _member.theme,
        _member.density,
        _member.time_zone.label("chosen_time_zone"),
        _member.single_keys,
        _member.wants_digest,
        _unread.label("unread"),
        _session.address,
        _session.browser,
        _session.time_zone,
        _session.created_at,
        _session.seen_at,
        _session.ends_at,
        _session.carried,
        _policy.id.label("policy"),
    )
    .select_from(StaffSession.__table__)
    .join(StaffMember.__table__, _member.id == _session.staff_id)
    .outerjoin(
        RolePolicy.__table__, and_(_policy.role == _member.role, _policy.needs_second_factor)
    )
    .where(_session.token_hash == bindparam("token_hash"), _member.active)
)


def _is_over(session: StaffSession | Any, limits: SessionLimits, now: datetime) -> bool:
    has_ended = session.ends_at is not None and session.ends_at <= now
    return (
        has_ended
        or now - session.seen_at >= limits.idle
        or now - session.created_at >= limits.absolute
    )


def _opened(carried: str, token: str) -> dict[str, Any]:
    content = crypto.decrypt_token("carried", carried, holder=token) if carried else None
    return dict(json.loads(content)) if content else {}


def note_seen(token: str, visitor: CurrentStaff, limits: SessionLimits) -> None:
    """Keep the session alive: at most once a minute, more often if it would end sooner; never waits
    for the write.
    """
    if clock.now() - visitor.seen_at < min(SEEN_PRECISION, limits.idle / 6):
        return
    seen = update(StaffSession).filter_by(token_hash=token_hash(token)).values(seen_at=clock.now())
    write_if_free(lambda: db.session.execute(seen))


def carry(token: str, carried: dict[str, Any]) -> None:
    """Keep something with the session for its next page: messages, or a form that must not
    be lost.
    """
    text = json.dumps(carried).encode()
    sealed = crypto.encrypt_token("carried", text, holder=token) if carried else ""
    with writing():
        db.session.execute(
            update(StaffSession).filter_by(token_hash=token_hash(token)).values(carried=sealed)
        )


def end_session(token: str) -> None:
    with writing():
        db.session.execute(delete(StaffSession).where(StaffSession.token_hash == token_hash(token)))


def end_one_of(staff_id: int, *, name: str) -> None:
    """End one session of a member, by its public name; does nothing if it is already over."""
    known = {public_name(session): session.token_hash for session in _sessions(staff_id)}
    with writing():
        db.session.execute(delete(StaffSession).where(StaffSession.token_hash == known.get(name)))


def end_sessions(staff_id: int, *, but: str | None = None) -> int:
    """End all sessions of a member in the present write transaction.

    Args:
        but: The token of one session to keep.

    Returns:
        How many were ended.
    """
    ended = delete(StaffSession).where(StaffSession.staff_id == staff_id)
    if but:
        ended = ended.where(StaffSession.token_hash != token_hash(but))
    return len(db.session.execute(ended.returning(StaffSession.staff_id)).all())


def sign_out_elsewhere(staff_id: int, *, token: str) -> int:
    """End all sessions of a member except the one in use; returns how many there were."""
    with writing():
        return end_sessions(staff_id, but=token)


def sessions_of(staff_id: int, limits: SessionLimits) -> Sequence[StaffSession]:
    """A member's active sessions, most recently used first."""
    now = clock.now()
    return [session for session in _sessions(staff_id) if not _is_over(session, limits, now)]


def _sessions(staff_id: int) -> Sequence[StaffSession]:
    query = (
        select(StaffSession)
        .where(StaffSession.staff_id == staff_id)
        .order_by(StaffSession.seen_at.desc(), StaffSession.token_hash)
    )
    return db.session.scalars(query).all()


def public_name(session: StaffSession) -> str:
    """A name for a session that reveals nothing about its token."""
    return crypto.fingerprint("session handle", session.token_hash).hex()[:16]


def is_of(session: StaffSession, token: str) -> bool:
    return session.token_hash == token_hash(token)


def forget_ended(limits: SessionLimits) -> None:
    """Delete expired sessions, in the present write transaction."""
    now = clock.now()
    over = (StaffSession.seen_at <= now - limits.idle) | (
        StaffSession.created_at <= now - limits.absolute
    )
    over |= StaffSession.ends_at <= now
    db.session.execute(delete(StaffSession).where(over))


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()

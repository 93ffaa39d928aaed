"""Coming in and going out: passwords are checked here, sessions begin, are found, and end."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import delete, select, update

from webapp import clock
from webapp.database import db, writing
from webapp.errors import Refusal
from webapp.history import Actor
from webapp.person import typed_email_key
from webapp.staff import passwords, throttle
from webapp.staff.access import Role
from webapp.staff.models import StaffMember, StaffSession
from webapp.staff.throttle import Bucket

PERSON_AT_ADDRESS = Bucket("sign-in person at address", size=5, refill_seconds=60)
ADDRESS = Bucket("sign-in address", size=30, refill_seconds=10)
SEEN_PRECISION = timedelta(minutes=1)
TOKEN_BYTES = 32


class WrongCredentials(Refusal):
    """Unknown, wrong, deactivated or expired: the answer is the same for all."""

    def __init__(self) -> None:
        super().__init__("wrong_credentials", "The e-mail address or the password is not right")


class TooManyAttempts(Refusal):
    """Guessing is slowed down.

    Attributes:
        wait: Whole seconds until the next attempt is allowed.
    """

    def __init__(self, wait: int) -> None:
        sentence = "Too many attempts; wait a moment and try again"
        super().__init__("too_many_requests", sentence, {"current_password": [sentence]})
        self.wait = wait


@dataclass(frozen=True)
class SessionLimits:
    """A session ends when unused for `idle`, and at the latest `absolute` after signing in."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Whoever makes the present request, as their session and staff row stood when it began."""

    id: int
    name: str
    email: str
    role: Role
    must_change_password: bool
    theme: str
    density: str
    chosen_time_zone: str | None
    session_time_zone: str | None
    single_keys: bool
    seen_at: datetime
    carried: dict[str, Any]

    @property
    def time_zone(self) -> str | None:
        """The zone they chose, else the one that their browser named at sign-in."""
        return self.chosen_time_zone or self.session_time_zone

    def actor(self, *, door: str, request_id: str) -> Actor:
        return Actor(kind="staff", id=self.id, name=self.name, door=door, request_id=request_id)


def sign_in(
    *,
    email: str,
    password: str,
    address: str,
    limits: SessionLimits,
    time_zone: str | None = None,
    replacing: str | None = None,
) -> tuple[int, str]:
    """Check a password and begin a session.

    Args:
        address: Where the attempt comes from; guessing is slowed down for each address, and for each person at it.
        time_zone: IANA zone of the browser, if it said.
        replacing: The token that the browser had, whose session ends.

    Returns:
        The member's key, and the opaque token for the cookie, of which only the hash is stored.

    Raises:
        TooManyAttempts: nothing was checked.
        WrongCredentials: the same, after the same time, whether or not there is such a person.
    """
    who, address = typed_email_key(email), _household(address)
    with writing():
        wait = max(throttle.take(PERSON_AT_ADDRESS, who, address), throttle.take(ADDRESS, address))
    if wait:
        raise TooManyAttempts(wait)
    member = db.session.scalar(select(StaffMember).where(StaffMember.email_key == who, StaffMember.active))
    staff_id, password_hash = (member.id, member.password_hash) if member else (0, None)
    has_expired = member is not None and _has_expired(member)
    if not passwords.matches(password_hash, password) or password_hash is None or has_expired:
        raise WrongCredentials
    new_hash = passwords.hashed(password) if passwords.outdated(password_hash) else None
    with writing():
        _refuse_if_changed_meanwhile(staff_id, password_hash)
        throttle.give_back(PERSON_AT_ADDRESS, who, address)
        throttle.give_back_one(ADDRESS, address)
        throttle.forget_old()
        _forget_ended_sessions(limits)
        if replacing:
            db.session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(replacing)))
        if new_hash:
            db.session.execute(update(StaffMember).filter_by(id=staff_id).values(password_hash=new_hash))
        return staff_id, begin_session(staff_id, time_zone=time_zone)


def _household(address: str) -> str:
    """An address as far as it says who guesses: of IPv6 the first half, since one household has all of the second."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, 64), strict=False)) if known.version == 6 else address


def _refuse_if_changed_meanwhile(staff_id: int, password_hash: str) -> None:
    """While the password was checked, somebody may have reset it or closed the door."""
    unchanged = StaffMember.active & (StaffMember.password_hash == password_hash)
    if not db.session.scalar(select(StaffMember.id).where(StaffMember.id == staff_id, unchanged).with_for_update()):
        raise WrongCredentials


def _has_expired(member: StaffMember) -> bool:
    return member.password_expires_at is not None and member.password_expires_at <= clock.now()


def begin_session(staff_id: int, *, time_zone: str | None = None) -> str:
    """Add a session in the present write transaction and return its token: 256 random bits."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    zone = time_zone if time_zone in available_timezones() else None
    db.session.add(
        StaffSession(
            token_hash=_hash(token), staff_id=staff_id, created_at=now, seen_at=now, time_zone=zone, carried={}
        )
    )
    return token


def find_visitor(token: str, limits: SessionLimits) -> Visitor | None:
    """Who holds this token; `None` when its session is over, unknown, or its member may not come in any more."""
    row = db.session.execute(
        select(StaffSession, StaffMember)
        .join(StaffMember, StaffMember.id == StaffSession.staff_id)
        .where(StaffSession.token_hash == _hash(token), StaffMember.active)
    ).first()
    if not row or _is_over(row.StaffSession, limits, clock.now()):
        return None
    session, member = row
    return Visitor(
        id=member.id,
        name=member.name,
        email=member.email,
        role=Role(member.role),
        must_change_password=member.must_change_password,
        theme=member.theme,
        density=member.density,
        chosen_time_zone=member.time_zone,
        session_time_zone=session.time_zone,
        single_keys=member.single_keys,
        seen_at=session.seen_at,
        carried=session.carried,
    )


def note_seen(token: str, visitor: Visitor) -> None:
    """Keep the session alive: written in a transaction of its own, at most once a minute."""
    if clock.now() - visitor.seen_at >= SEEN_PRECISION:
        with writing():
            db.session.execute(update(StaffSession).filter_by(token_hash=_hash(token)).values(seen_at=clock.now()))


def carry(token: str, carried: dict[str, Any]) -> None:
    """Keep something with the session until its next page: messages, or a form that must not be lost."""
    with writing():
        db.session.execute(update(StaffSession).filter_by(token_hash=_hash(token)).values(carried=carried))


def end_session(token: str) -> None:
    with writing():
        db.session.execute(delete(StaffSession).where(StaffSession.token_hash == _hash(token)))


def _forget_ended_sessions(limits: SessionLimits) -> None:
    """Delete, in the present write transaction, the rows of sessions that are over."""
    now = clock.now()
    over = (StaffSession.seen_at <= now - limits.idle) | (StaffSession.created_at <= now - limits.absolute)
    db.session.execute(delete(StaffSession).where(over))


def _is_over(session: StaffSession, limits: SessionLimits, now: datetime) -> bool:
    return now - session.seen_at >= limits.idle or now - session.created_at >= limits.absolute


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()

"""Looking after those who work here: add, list, give or choose a password, set preferences."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from webapp import clock
from webapp.database import db, writing
from webapp.errors import Invalid, NotFound
from webapp.history import Actor, Event, record
from webapp.person import email_key, read_email, read_name, typed_email_key
from webapp.staff import passwords, throttle
from webapp.staff.access import Role
from webapp.staff.models import DENSITIES, THEMES, StaffMember, StaffSession
from webapp.staff.sign_in import TooManyAttempts, begin_session
from webapp.staff.throttle import Bucket

CURRENT_PASSWORD = Bucket("current password", size=10, refill_seconds=60)
ONE_TIME_PASSWORD_LASTS = timedelta(hours=24)


def add_member(*, email: str, name: str, role: str, by: Actor, password: str | None = None) -> str:
    """Add somebody who may sign in.

    Args:
        role: `viewer`, `agent`, `manager` or `admin`.
        password: Only for sample staff; others get a one-time password.

    Returns:
        The password: good for 24 hours and to be changed at the first sign-in, unless it was given.

    Raises:
        Invalid: bad details, or somebody has this e-mail address already.
    """
    values = _read_member(email, name, role)
    one_time = password is None
    password = password or passwords.new_one_time_password()
    member = StaffMember(created_at=clock.now(), **values)
    _set_password(member, passwords.hashed(password), one_time=one_time)
    try:
        with writing():
            db.session.add(member)
            db.session.flush()
            _record(member, "added", by, new={"email": member.email, "name": member.name, "role": member.role})
    except IntegrityError:
        raise Invalid("email_taken", "Somebody with this e-mail address works here already") from None
    return password


def _read_member(email: str, name: str, role: str) -> dict[str, str]:
    try:
        address, known = read_email(email), Role(role)
        return {"email": address, "email_key": email_key(address), "name": read_name(name), "role": known.value}
    except ValueError as problem:
        raise Invalid("invalid_details", str(problem)) from None


def reset_password(*, email: str, by: Actor, password: str | None = None) -> str:
    """Give a member a new one-time password and end all of their sessions.

    Args:
        password: Only for sample staff, who keep it.

    Raises:
        NotFound: nobody here has this address.
    """
    one_time = password is None
    password = password or passwords.new_one_time_password()
    new_hash = passwords.hashed(password)
    with writing():
        member = _get_member(email)
        _set_password(member, new_hash, one_time=one_time)
        _end_sessions(member)
        member.version += 1
        _record(member, "password_reset", by)
    return password


def change_password(*, staff_id: int, current: str, new: str, by: Actor, time_zone: str | None) -> str:
    """Choose a password. All sessions end; a new one begins.

    Returns:
        The token of the new session.

    Raises:
        Invalid: the current password is wrong, or the new one is weak or the same.
        TooManyAttempts: the current password was guessed at too often; nothing was checked.
    """
    with writing():
        wait = throttle.take(CURRENT_PASSWORD, str(staff_id))
    if wait:
        raise TooManyAttempts(wait)
    member = db.session.get_one(StaffMember, staff_id)
    if not passwords.matches(member.password_hash, current):
        raise Invalid(
            "invalid_details", "The current password is not right", {"current_password": ["This is not right"]}
        )
    if new == current:
        raise Invalid("invalid_details", "Choose another one", {"new_password": ["This is the password you have now"]})
    passwords.refuse_weak(new, name=member.name, email=member.email)
    new_hash = passwords.hashed(new)
    with writing():
        member = db.session.get_one(StaffMember, staff_id, with_for_update=True)
        _set_password(member, new_hash, one_time=False)
        throttle.give_back(CURRENT_PASSWORD, str(staff_id))
        _end_sessions(member)
        member.version += 1
        _record(member, "password_changed", by)
        return begin_session(staff_id, time_zone=time_zone)


def change_preferences(*, staff_id: int, theme: str, density: str, time_zone: str, single_keys: bool) -> None:
    """Set how Gatebook looks and listens for one person; nobody else is concerned, so it has no history.

    Args:
        time_zone: IANA zone, or the empty text for the browser's own.
        single_keys: Whether keys without Ctrl or Alt are shortcuts (WCAG 2.1.4).

    Raises:
        Invalid: a value that is not offered.
    """
    problems = {
        "theme": [] if theme in THEMES else ["Choose one of the themes"],
        "density": [] if density in DENSITIES else ["Choose one of the densities"],
        "time_zone": [] if not time_zone or time_zone in available_timezones() else ["This is not a time zone we know"],
    }
    if any(problems.values()):
        raise Invalid("invalid_details", "Some choices are not offered", {k: v for k, v in problems.items() if v})
    with writing():
        member = db.session.get_one(StaffMember, staff_id)
        member.theme, member.density = theme, density
        member.time_zone, member.single_keys = time_zone or None, single_keys


def list_members() -> list[StaffMember]:
    return list(db.session.scalars(select(StaffMember).order_by(StaffMember.name, StaffMember.id)))


def find_member(email: str) -> StaffMember | None:
    return db.session.scalar(select(StaffMember).where(StaffMember.email_key == typed_email_key(email)))


def _get_member(email: str) -> StaffMember:
    member = find_member(email)
    if member is None:
        raise NotFound("staff_not_found", "Nobody with this e-mail address works here")
    return member


def _set_password(member: StaffMember, password_hash: str, *, one_time: bool) -> None:
    member.password_hash = password_hash
    member.must_change_password = one_time
    member.password_expires_at = clock.now() + ONE_TIME_PASSWORD_LASTS if one_time else None


def _end_sessions(member: StaffMember) -> None:
    db.session.execute(delete(StaffSession).where(StaffSession.staff_id == member.id))


def _record(member: StaffMember, kind: str, by: Actor, *, new: Mapping[str, Any] | None = None) -> None:
    db.session.flush()
    event = Event(kind=kind, at=clock.now(), by=by, version=member.version, old={}, new=new or {})
    record(member.subject, event)

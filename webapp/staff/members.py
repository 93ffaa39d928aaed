"""Managing staff: add members, change roles, deactivate and reactivate, help those who are locked
out.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from webapp.history.changes import adding, changing
from webapp.history.entries import Actor, entries_of
from webapp.kernel import clock
from webapp.kernel.database import db, write_if_free
from webapp.kernel.fields import email_key, read_email, read_name, typed_email_key
from webapp.kernel.refusals import Conflict, Invalid, InvalidDetails, NotFound
from webapp.kernel.submission import Submission
from webapp.staff import passwords, second_factor
from webapp.staff.models import StaffMember
from webapp.staff.names import refuse_another_name
from webapp.staff.permissions import Role
from webapp.staff.sessions import end_sessions

READ_MUCH = "read_much"
TOLD_ONCE_IN = timedelta(days=1)


class NobodyLikeThis(NotFound):
    code = "staff_not_found"
    sentence = "Nobody like this works here"


class MemberTaken(Invalid):
    code = "email_taken"
    sentence = "Somebody with this e-mail address works here already"


class OwnAccount(Conflict):
    code = "own_account"
    sentence = "This is your own account: see there, or ask another admin"


class LastAdmin(Conflict):
    code = "last_admin"
    sentence = "{name} is the last active admin; make somebody else one first"


class NoSecondFactor(Conflict):
    code = "no_second_factor"
    sentence = "{name} has no second factor"


def add_member(
    *, email: str, name: str, role: str, by: Actor, password: str | None = None
) -> tuple[StaffMember, str]:
    """Add somebody who may sign in.

    The first member of a new book also starts a policy: admins need a second factor.

    Args:
        role: `viewer`, `agent`, `manager` or `admin`.
        password: Only for sample staff; others get a one-time password.

    Returns:
        The member and the password. Unless `password` was given, it is valid for 24 hours and must
            be changed at the first sign-in.

    Raises:
        Invalid: invalid details, or somebody already has this e-mail address.
    """
    one_time = password is None
    password = password or passwords.new_one_time_password()
    hashed = passwords.hashed(password)  # slow, so outside the transaction
    try:
        with adding(lambda: _new_member(email, name, role), by=by) as change:
            member, is_first = change.row, db.session.scalar(_ANYBODY) is None
            passwords.give(member, hashed, one_time=one_time)
            change.record(
                "added", new={"email": member.email, "name": member.name, "role": member.role}
            )
            if is_first and one_time:
                second_factor.require_for([Role.ADMIN], by=by)
    except IntegrityError:
        raise MemberTaken({"email": [MemberTaken.sentence]}) from None
    return member, password


def _new_member(email: str, name: str, role: str) -> StaffMember:
    return StaffMember(created_at=clock.now(), version=1, **_read_member(email, name, role))


_ANYBODY = select(StaffMember.id).limit(1)


def _read_member(email: str, name: str, role: str) -> dict[str, str]:
    submission = Submission()
    submission.read("email", read_email, email)
    submission.read("name", _read_own_name, name)
    submission.read("role", _read_role, role)
    submission.refuse_if_wrong()
    values: dict[str, str] = submission.values
    return values | {"email_key": email_key(values["email"])}


def _read_own_name(raw: str) -> str:
    name = read_name(raw)
    refuse_another_name(name)
    return name


def _read_role(raw: str) -> str:
    if raw not in set(Role):
        raise ValueError("Choose a role")
    return raw


def change_role(staff_id: int, *, role: str, by: Actor) -> StaffMember:
    """Give somebody another role, effective from their next request.

    Raises:
        NotFound: `staff_not_found`.
        Invalid: there is no such role.
        Conflict: `own_account`, or `last_admin`.
    """
    try:
        role = _read_role(role)
    except ValueError as problem:
        raise InvalidDetails.on("role", problem) from None
    with changing(lambda: _locked_other(staff_id, by), by=by) as change:
        member = change.row
        if member.role != role:
            _keep_an_admin(member)
            old, member.role = member.role, role
            change.record("role_changed", old={"role": old}, new={"role": role})
        return member


def set_active(staff_id: int, *, active: bool, by: Actor) -> StaffMember:
    """Deactivate a member, which ends all their sessions, or reactivate them.

    Raises:
        NotFound: `staff_not_found`.
        Conflict: `own_account`, or `last_admin`.
    """
    with changing(lambda: _locked_other(staff_id, by), by=by) as change:
        member = change.row
        if member.active is not active:
            _keep_an_admin(member)
            member.active = active
            end_sessions(member.id)
            change.record("reactivated" if active else "deactivated")
        return member


def _locked_other(staff_id: int, by: Actor) -> StaffMember:
    """A member whom somebody else changes. All admins are locked too, so that two cannot remove
    each other at once.
    """
    admins = (
        select(StaffMember.id).where(StaffMember.role == Role.ADMIN.value).order_by(StaffMember.id)
    )
    db.session.scalars(admins.with_for_update()).all()
    _refuse_own(staff_id, by)
    return _locked(staff_id)


def _refuse_own(staff_id: int, by: Actor) -> None:
    if (by.kind, by.id) == ("staff", staff_id):
        raise OwnAccount


def _locked(staff_id: int) -> StaffMember:
    member = db.session.get(StaffMember, staff_id, with_for_update=True)
    if member is None:
        raise NobodyLikeThis
    return member


def _keep_an_admin(member: StaffMember) -> None:
    """Refuse to change the last active admin."""
    if member.role != Role.ADMIN or not member.active:
        return
    is_another = (
        (StaffMember.role == Role.ADMIN.value) & StaffMember.active & (StaffMember.id != member.id)
    )
    if not db.session.scalar(select(StaffMember.id).where(is_another).limit(1)):
        raise LastAdmin(name=member.name)


def reset_password(staff_id: int, *, by: Actor, password: str | None = None) -> str:
    """Give a member a new one-time password and end all of their sessions. Their second factor
    stays.

    Args:
        password: Only for sample staff, who keep it.

    Raises:
        NotFound: `staff_not_found`.
        Conflict: `own_account`; you change your own password with the current one.
    """
    _refuse_own(staff_id, by)
    one_time = password is None
    password = password or passwords.new_one_time_password()
    new_hash = passwords.hashed(password)
    with changing(lambda: _locked(staff_id), by=by) as change:
        passwords.give(change.row, new_hash, one_time=one_time)
        end_sessions(staff_id)
        change.record("password_reset")
    return password


def end_all_sessions(staff_id: int, *, by: Actor) -> int:
    """End all sessions of a member; returns how many there were.

    Raises:
        NotFound: `staff_not_found`.
        Conflict: `own_account`; you end your own sessions in your account.
    """
    _refuse_own(staff_id, by)
    with changing(lambda: _locked(staff_id), by=by) as change:
        change.record("sessions_ended")
        return end_sessions(staff_id)


def reset_second_factor(staff_id: int, *, by: Actor) -> None:
    """Remove the second factor of somebody who lost it, and end all of their sessions.

    Raises:
        NotFound: `staff_not_found`.
        Conflict: `no_second_factor`; or `own_account`, since you remove your own with password and
            code.
    """
    _refuse_own(staff_id, by)
    with changing(lambda: _locked(staff_id), by=by) as change:
        member = change.row
        if not member.totp_secret:
            raise NoSecondFactor(name=member.name)
        second_factor.give_up(member)
        end_sessions(staff_id)
        change.record("second_factor_reset")


def note_much_reading(staff_id: int) -> None:
    """Record, at most once a day and without waiting, that a member looked at more customers than
    one person should.
    """

    def write() -> bool:
        gatebook = Actor(kind="system", id=None, name="Gatebook", door="page")
        with changing(lambda: _locked(staff_id), by=gatebook) as change:
            lately = entries_of(change.subject, limit=20)
            if not any(
                entry.kind == READ_MUCH and clock.now() - entry.at < TOLD_ONCE_IN
                for entry in lately
            ):
                change.record(READ_MUCH)
        return True

    write_if_free(write)


def list_members() -> Sequence[StaffMember]:
    """All members, inactive ones last."""
    return db.session.scalars(
        select(StaffMember).order_by(StaffMember.active.desc(), StaffMember.name, StaffMember.id)
    ).all()


def get_member(staff_id: int) -> StaffMember:
    """The member with this key.

    Raises:
        NotFound: `staff_not_found`.
    """
    member = db.session.get(StaffMember, staff_id)
    if member is None:
        raise NobodyLikeThis
    return member


def find_member(email: str) -> StaffMember | None:
    return db.session.scalar(
        select(StaffMember).where(StaffMember.email_key == typed_email_key(email))
    )


def get_member_by_email(email: str) -> StaffMember:
    """The member with this address, ignoring case.

    Raises:
        NotFound: `staff_not_found`.
    """
    member = find_member(email)
    if member is None:
        raise NobodyLikeThis
    return member

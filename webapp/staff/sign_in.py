"""Signing in: the password is checked, then the code of members with a second factor; then a
session begins.
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from webapp.kernel import clock, crypto
from webapp.kernel.database import db, writing
from webapp.kernel.fields import typed_email_key
from webapp.kernel.refusals import Invalid
from webapp.staff import brute_force, passwords, rate_limit, second_factor
from webapp.staff.brute_force import Attempt
from webapp.staff.known_browsers import Device, cookie_after
from webapp.staff.models import StaffMember, StaffSession
from webapp.staff.passwords import find_unchanged
from webapp.staff.sessions import Place, SessionLimits, begin_session, forget_ended, token_hash

CODE_WITHIN = timedelta(minutes=10)


class WrongCredentials(Invalid):
    """Unknown, wrong, deactivated or expired: the answer is the same for all.

    Attributes:
        staff_id: Whose account it was, for the log; `None` if there is no such person.
    """

    code = "wrong_credentials"
    sentence = "The e-mail address or the password is not right"

    def __init__(self, staff_id: int | None = None) -> None:
        super().__init__()
        self.staff_id = staff_id


class WrongCode(Invalid):
    """The code is wrong, or was used before."""

    code = "wrong_code"
    sentence = "This code is not right, or it was used already; wait for the next one"

    def __init__(self, staff_id: int) -> None:
        self.staff_id = staff_id
        super().__init__()


class SignInOutdated(Invalid):
    """The form was made for a session that the browser no longer has."""

    code = "sign_in_outdated"
    sentence = "This form was out of date; type your password once more"


class SignInExpired(Invalid):
    """The password was entered too long ago, or has changed since."""

    code = "sign_in_expired"
    sentence = "This took too long; start again with your password"


@dataclass(frozen=True)
class LoginContext:
    """The browser in which somebody signs in.

    Attributes:
        replacing: The token that it had, whose session ends.
    """

    place: Place
    device: Device
    limits: SessionLimits
    replacing: str | None = None


@dataclass(frozen=True)
class SignedIn:
    """A successful sign-in.

    Attributes:
        token: For the session cookie; only its hash is stored.
        device_cookie: Makes the browser known as theirs from now on.
    """

    staff_id: int
    token: str
    device_cookie: str


@dataclass(frozen=True)
class CodeNeeded:
    """The password was right, and a code must follow within ten minutes.

    Attributes:
        pending: Sealed; carries the state of the sign-in to `confirm`.
    """

    staff_id: int
    pending: str


def sign_in(*, email: str, password: str, context: LoginContext) -> SignedIn | CodeNeeded:
    """Check a password, and begin a session unless a second factor must follow.

    Raises:
        TooManyAttempts: nothing was checked.
        WrongCredentials: the same, after the same time, whether or not there is such a person.
    """
    who = typed_email_key(email)
    member = db.session.scalar(
        select(StaffMember).where(StaffMember.email_key == who, StaffMember.active)
    )
    guess = _guess(who, member, context)
    staff_id, password_hash = (member.id, member.password_hash) if member else (0, None)
    has_expired = member is not None and _has_expired(member)
    brute_force.PASSWORD.take(guess)
    if not passwords.matches(password_hash, password) or password_hash is None or has_expired:
        raise WrongCredentials(staff_id or None)
    new_hash = passwords.hashed(password) if passwords.outdated(password_hash) else None
    with writing():
        member = _unchanged_member(staff_id, password_hash)
        brute_force.PASSWORD.give_back(guess)
        member.password_hash = new_hash or password_hash
        if member.totp_secret:
            return CodeNeeded(staff_id, _pending(member))
        return _enter(member, context)


def _guess(who: str, member: StaffMember | None, context: LoginContext) -> Attempt:
    is_known = member is not None and context.device.knows_well(member)
    return Attempt(who, context.place, context.device.name if is_known else None)


def _has_expired(member: StaffMember) -> bool:
    return member.password_expires_at is not None and member.password_expires_at <= clock.now()


def _unchanged_member(staff_id: int, password_hash: str) -> StaffMember:
    member = find_unchanged(staff_id, password_hash)
    if member is None:
        raise WrongCredentials(staff_id)
    return member


def _pending(member: StaffMember) -> str:
    content = [member.id, clock.to_milliseconds(clock.now()), _password_mark(member)]
    return crypto.encrypt_token("sign-in awaiting a code", json.dumps(content).encode())


def _password_mark(member: StaffMember) -> str:
    return crypto.fingerprint("password of a sign-in", member.password_hash.encode()).hex()


def confirm(*, pending: str, code: str, context: LoginContext) -> SignedIn:
    """Check the second factor after the password, and begin a session.

    Args:
        code: From the authenticator, or a recovery code.

    Raises:
        SignInExpired: the password must be entered again.
        TooManyAttempts: nothing was checked.
        WrongCode: also for a code that was used before.
    """
    member = _awaited_member(pending)
    guess = _guess(member.email_key, member, context)
    staff_id, password_hash = member.id, member.password_hash
    brute_force.CODE.take(guess)
    with writing():
        member = _unchanged_member(staff_id, password_hash)
        if not second_factor.use_code(member, code):
            raise WrongCode(staff_id)
        brute_force.CODE.give_back(guess)
        return _enter(member, context)


def _awaited_member(pending: str) -> StaffMember:
    opened = crypto.decrypt_token("sign-in awaiting a code", pending)
    if opened is None:
        raise SignInExpired
    staff_id, at, mark = json.loads(opened)
    member = db.session.get(StaffMember, staff_id)
    is_late = clock.now() - clock.from_milliseconds(at) > CODE_WITHIN
    if member is None or is_late or _password_mark(member) != mark:
        raise SignInExpired
    return member


def _enter(member: StaffMember, context: LoginContext) -> SignedIn:
    """Begin a session in the present write transaction, and clean up expired rows."""
    rate_limit.forget_old()
    forget_ended(context.limits)
    if context.replacing:
        db.session.execute(
            delete(StaffSession).where(StaffSession.token_hash == token_hash(context.replacing))
        )
    token = begin_session(member.id, place=context.place, ends_at=member.password_expires_at)
    return SignedIn(member.id, token, cookie_after(context.device, member))

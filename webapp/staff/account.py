"""Your own account: name, password, preferences and second factor. Changing credentials requires
the current password.
"""

from dataclasses import dataclass

from webapp.history.changes import changing
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.kernel.fields import read_name
from webapp.kernel.refusals import Conflict, Invalid, InvalidDetails
from webapp.kernel.submission import Submission
from webapp.staff import passwords, rate_limit, second_factor
from webapp.staff.brute_force import TooManyAttempts
from webapp.staff.known_browsers import Device, cookie_after
from webapp.staff.members import get_member
from webapp.staff.models import DENSITIES, THEMES, StaffMember
from webapp.staff.names import refuse_another_name
from webapp.staff.passwords import find_unchanged
from webapp.staff.rate_limit import Bucket
from webapp.staff.sessions import Place, begin_session, end_sessions

PROOF = Bucket("current password", size=10, refill_seconds=60)


def change_name(*, staff_id: int, name: str, by: Actor) -> None:
    """Set the name that colleagues see; earlier history entries keep the old name.

    Raises:
        Invalid: `invalid_details`, with the problem on `name`.
    """
    with changing(
        lambda: db.session.get_one(StaffMember, staff_id, with_for_update=True), by=by
    ) as change:
        try:
            chosen = read_name(name)
            refuse_another_name(chosen, member_id=staff_id)
        except ValueError as problem:
            raise InvalidDetails.on("name", problem) from None
        if change.row.name != chosen:
            old, change.row.name = change.row.name, chosen
            change.record("renamed", old={"name": old}, new={"name": chosen})


def change_preferences(
    *,
    staff_id: int,
    theme: str,
    density: str,
    time_zone: str,
    single_keys: bool,
    wants_digest: bool,
) -> None:
    """Set how Gatebook looks and which keys it reacts to, for one person. Nobody else is affected,
    so the history does not record it.

    Args:
        time_zone: IANA zone, or the empty text for the browser's own.
        single_keys: Whether keys without Ctrl or Alt are shortcuts (WCAG 2.1.4).
        wants_digest: Whether they get the daily e-mail.

    Raises:
        Invalid: a value that is not offered.
    """
    submission = Submission()
    if theme not in THEMES:
        submission.note("theme", "Choose one of the themes")
    if density not in DENSITIES:
        submission.note("density", "Choose one of the densities")
    if time_zone and time_zone not in clock.time_zones():
        submission.note("time_zone", "This is not a time zone we know")
    submission.refuse_if_wrong(NotOffered)
    with writing():
        member = get_member(staff_id)
        member.theme, member.density = theme, density
        member.time_zone, member.single_keys = time_zone or None, single_keys
        member.wants_digest = wants_digest


class NotOffered(InvalidDetails):
    sentence = "Some choices are not offered"


class SamePassword(InvalidDetails):
    sentence = "Choose another one"


class WrongPassword(InvalidDetails):
    sentence = "The current password is not right"


class SecondFactorSet(Conflict):
    code = "second_factor_set"
    sentence = "You have a second factor; remove it first"


@dataclass(frozen=True)
class SessionRenewal:
    """All sessions ended and a new one began, because credentials have changed.

    Attributes:
        token: Of the new session.
        device_cookie: Keeps the browser known.
    """

    token: str
    device_cookie: str


@dataclass(frozen=True)
class Browser:
    """The browser in which somebody changes their account."""

    place: Place
    device: Device


def change_password(
    *, staff_id: int, current: str, new: str, by: Actor, browser: Browser
) -> SessionRenewal:
    """Set a new password. All sessions end; a new one begins.

    Raises:
        Invalid: the current password is wrong, or the new one is weak or the same.
        TooManyAttempts: too many guesses at the current password; nothing was checked.
    """
    member, proved_hash = _proved(staff_id, current)
    with writing():
        rate_limit.give_back_one(PROOF, str(staff_id))
    if new == current:
        raise SamePassword({"new_password": ["This is the password you have now"]})
    passwords.refuse_weak(new, name=member.name, email=member.email)
    new_hash = passwords.hashed(new)
    with changing(lambda: _unchanged(staff_id, proved_hash), by=by) as change:
        member = change.row
        passwords.give(member, new_hash, one_time=False)
        change.record("password_changed")
        return _begin_anew(member, browser)


def set_second_factor(
    *, staff_id: int, current: str, sealed: str, code: str, by: Actor, browser: Browser
) -> tuple[SessionRenewal, list[str]]:
    """Set up an authenticator. All sessions end; a new one begins.

    Args:
        sealed: The secret as sealed by `second_factor.offer`.
        code: The code that the authenticator shows for it.

    Returns:
        The new session, and the recovery codes, in clear text this once.

    Raises:
        Invalid: the password or the code is wrong.
        Conflict: `second_factor_set`; the present one must be removed first.
        TooManyAttempts: nothing was checked.
    """
    _, proved_hash = _proved(staff_id, current)
    with changing(lambda: _unchanged(staff_id, proved_hash), by=by) as change:
        member = change.row
        if member.totp_secret:
            raise SecondFactorSet
        codes = second_factor.take_over(member, sealed, code)
        change.record("second_factor_set")
        return _begin_anew(member, browser), codes


def renew_recovery_codes(*, staff_id: int, current: str, code: str, by: Actor) -> list[str]:
    """Replace the recovery codes; the old ones become invalid.

    Raises:
        Invalid: the password or the code is wrong.
        TooManyAttempts: nothing was checked.
    """
    _, proved_hash = _proved(staff_id, current)
    with changing(lambda: _unchanged_with_code(staff_id, proved_hash, code), by=by) as change:
        rate_limit.give_back(PROOF, str(staff_id))
        change.record("recovery_codes_renewed")
        return second_factor.renew_recovery_codes(staff_id)


def remove_second_factor(
    *, staff_id: int, current: str, code: str, by: Actor, browser: Browser
) -> SessionRenewal:
    """Remove one's own second factor. All sessions end; a new one begins.

    Args:
        code: From the authenticator, or a recovery code.

    Raises:
        Invalid: the password or the code is wrong.
        TooManyAttempts: nothing was checked.
    """
    _, proved_hash = _proved(staff_id, current)
    with changing(lambda: _unchanged_with_code(staff_id, proved_hash, code), by=by) as change:
        member = change.row
        second_factor.give_up(member)
        change.record("second_factor_removed")
        return _begin_anew(member, browser)


def _proved(staff_id: int, current: str) -> tuple[StaffMember, str]:
    """Check the current password, so that nobody can use an unlocked desk; returns the member and
    the hash that was checked.
    """
    with writing():
        wait = rate_limit.take(PROOF, str(staff_id))
    if wait:
        raise TooManyAttempts(wait)
    member = get_member(staff_id)
    if not passwords.matches(member.password_hash, current):
        raise _not_right()
    return member, member.password_hash


def _not_right() -> Invalid:
    return WrongPassword({"current_password": ["This is not right"]})


def _unchanged(staff_id: int, proved_hash: str) -> StaffMember:
    member = find_unchanged(staff_id, proved_hash)
    if member is None:
        raise _not_right()
    return member


def _unchanged_with_code(staff_id: int, proved_hash: str, code: str) -> StaffMember:
    member = _unchanged(staff_id, proved_hash)
    if not second_factor.use_code(member, code):
        raise second_factor.wrong_code()
    return member


def _begin_anew(member: StaffMember, browser: Browser) -> SessionRenewal:
    rate_limit.give_back(PROOF, str(member.id))
    end_sessions(member.id)
    return SessionRenewal(
        begin_session(member.id, place=browser.place), cookie_after(browser.device, member)
    )

"""The second factor: authenticator codes (TOTP, RFC 6238), recovery codes, and which roles must
have one.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pyotp
from sqlalchemy import delete, func, insert, or_, select, text, update

from webapp.history.changes import changing
from webapp.history.entries import Actor
from webapp.kernel import clock, crypto
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Invalid, InvalidDetails
from webapp.staff import passwords
from webapp.staff.models import RecoveryCode, RolePolicy, StaffMember
from webapp.staff.permissions import Role

ISSUER = "Gatebook"
STEP_SECONDS = 30
DIGITS = 6
CODES = 10


@dataclass(frozen=True)
class Offer:
    """A secret that a member may add to their authenticator.

    Attributes:
        sealed: The secret, encrypted for this member, to travel through the form.
        secret: In base 32, for typing in where nothing can be scanned.
        address: `otpauth://…`, for the QR code.
    """

    sealed: str
    secret: str
    address: str


def offer(staff_id: int, email: str, *, sealed: str = "") -> Offer:
    """A secret to set up: a new one, or the one from a form that is shown again."""
    secret = _unsealed(staff_id, sealed) or pyotp.random_base32()
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    return Offer(_sealed(staff_id, secret), secret, address)


def _sealed(staff_id: int, secret: str) -> str:
    return crypto.encrypt_token(f"second factor of {staff_id}", secret.encode())


def _unsealed(staff_id: int, sealed: str) -> str | None:
    opened = crypto.decrypt_token(f"second factor of {staff_id}", sealed)
    return opened.decode() if opened else None


def take_over(member: StaffMember, sealed: str, code: str) -> list[str]:
    """Set up an offered secret, confirmed by a first code, in the present write transaction.

    Returns:
        The recovery codes, in clear text this once.

    Raises:
        Invalid: with the problem on `code`.
    """
    secret = _unsealed(member.id, sealed)
    step = _step_of(secret, code) if secret else None
    if step is None:
        raise wrong_code()
    member.totp_secret, member.totp_step = sealed, step
    return renew_recovery_codes(member.id)


def wrong_code() -> Invalid:
    problem = "This code is not right; take the one that the app shows now"
    return InvalidDetails.on("code", problem)


def give_up(member: StaffMember) -> None:
    """Remove the second factor in the present write transaction."""
    member.totp_secret = member.totp_step = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == member.id))


def renew_recovery_codes(staff_id: int) -> list[str]:
    """Replace the recovery codes in the present write transaction; only their hashes are stored."""
    codes = [passwords.readable_secret(groups=4, length=6) for _ in range(CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    db.session.execute(
        insert(RecoveryCode), [{"staff_id": staff_id, "code_hash": _hash(code)} for code in codes]
    )
    return codes


def recovery_codes_left(staff_id: int) -> int:
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.staff_id == staff_id)
    return db.session.scalar(query) or 0


def use_code(member: StaffMember, code: str) -> bool:
    """Use an authenticator code or a recovery code in the present write transaction. Each works
    once.

    The database decides: if the same code arrives twice at once, only one statement changes a row.
    """
    secret = _unsealed(member.id, member.totp_secret or "")
    step = _step_of(secret, code) if secret else None
    if step is not None:
        is_newer = or_(StaffMember.totp_step.is_(None), StaffMember.totp_step < step)
        used = (
            update(StaffMember).where(StaffMember.id == member.id, is_newer).values(totp_step=step)
        )
        return db.session.execute(used.returning(StaffMember.id)).first() is not None
    its_own = (RecoveryCode.staff_id == member.id, RecoveryCode.code_hash == _hash(code))
    return (
        db.session.execute(
            delete(RecoveryCode).where(*its_own).returning(RecoveryCode.staff_id)
        ).first()
        is not None
    )


def _step_of(secret: str, code: str) -> int | None:
    """The time step of this code: the present one, or the one before or after, as clocks differ."""
    digits = "".join(code.split())
    if not (len(digits) == DIGITS and digits.isascii() and digits.isdigit()):
        return None
    now, totp = clock.to_milliseconds(clock.now()) // (STEP_SECONDS * 1000), pyotp.TOTP(secret)
    return next(
        (step for step in (now, now - 1, now + 1) if _same(totp.generate_otp(step), digits)), None
    )


def _same(one: str, other: str) -> bool:
    return pyotp.utils.strings_equal(one, other)


def _hash(code: str) -> bytes:
    """A plain hash suffices: a code has 118 random bits."""
    return hashlib.sha256(code.strip().lower().encode(errors="replace")).digest()


def roles_that_need_one() -> set[Role]:
    query = select(RolePolicy.role).where(RolePolicy.needs_second_factor)
    return {Role(role) for role in db.session.scalars(query)}


def require_for(roles: Sequence[str], *, by: Actor) -> None:
    """Set which roles must have a second factor; members without one must set it up before anything
    else.

    Raises:
        Invalid: a role that does not exist.
    """
    if not set(roles) <= set(Role):
        raise InvalidDetails.on("roles", "There is no such role")
    with writing():
        for number, role in enumerate(Role, start=1):
            db.session.execute(_ADD_POLICY, {"id": number, "role": role.value, "needed": False})
            _set_policy(number, needed=role in roles, by=by)


# Two admins may set the first policy at once.
_ADD_POLICY = text(
    """
    INSERT INTO role_policy (id, role, needs_second_factor, version) VALUES (:id, :role, :needed, 0)
    ON CONFLICT (id) DO NOTHING
    """
)


def _set_policy(number: int, *, needed: bool, by: Actor) -> None:
    with changing(
        lambda: db.session.get_one(RolePolicy, number, with_for_update=True), by=by
    ) as change:
        was, change.row.needs_second_factor = change.row.needs_second_factor, needed
        if was is not needed:
            change.record(
                "policy_changed",
                old={"needs_second_factor": was},
                new={"needs_second_factor": needed},
            )

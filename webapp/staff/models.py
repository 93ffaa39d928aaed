"""The tables of staff: members, sessions, recovery codes, role policies, API keys, and attempt
buckets.
"""

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Float,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.history.entries import Subject
from webapp.kernel.database import Model, Moment, Sequence, byte_ordered
from webapp.kernel.fields import MAX_EMAIL_LENGTH, MAX_NAME_LENGTH
from webapp.staff.permissions import Role

THEMES = ("system", "light", "dark")
DENSITIES = ("comfortable", "compact")
ROLES = tuple(role.value for role in Role)
MAX_ADDRESS_LENGTH = 45
MAX_BROWSER_LENGTH = 40


class StaffMember(Model):
    """A person who signs in.

    Attributes:
        totp_secret: Sealed; `None` if there is no second factor.
        totp_step: The time step of the last code used, so that no code works twice.
    """

    __tablename__ = "staff_member"

    id: Mapped[int] = mapped_column(Sequence, primary_key=True)
    email: Mapped[str] = mapped_column(String(MAX_EMAIL_LENGTH))
    email_key: Mapped[str] = mapped_column(byte_ordered(512), unique=True)
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    role: Mapped[str] = mapped_column(String(8))
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    password_hash: Mapped[str] = mapped_column(Text)
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_expires_at: Mapped[datetime | None] = mapped_column(Moment)
    theme: Mapped[str] = mapped_column(String(8), default="system")
    density: Mapped[str] = mapped_column(String(12), default="comfortable")
    time_zone: Mapped[str | None] = mapped_column(String(64))
    single_keys: Mapped[bool] = mapped_column(default=True)
    wants_digest: Mapped[bool] = mapped_column(default=True, server_default=true())
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint(f"role in {ROLES}", name="role_known"),
        CheckConstraint(f"theme in {THEMES}", name="theme_known"),
        CheckConstraint(f"density in {DENSITIES}", name="density_known"),
        {"sqlite_autoincrement": True},
    )

    @property
    def subject(self) -> Subject:
        return Subject("staff", self.id)


class StaffSession(Model):
    """A signed-in browser, identified by the hash of the opaque token in its cookie.

    Attributes:
        ends_at: When the one-time password expires that began this session, if one did.
        carried: What is kept for its next page, encrypted with the token, so that the database
            alone does not reveal it.
    """

    __tablename__ = "staff_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment, index=True)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    time_zone: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(MAX_ADDRESS_LENGTH), default="")
    browser: Mapped[str] = mapped_column(String(MAX_BROWSER_LENGTH), default="")
    carried: Mapped[str] = mapped_column(Text, default="")


class RecoveryCode(Model):
    """A code that replaces a lost second factor once; its row is deleted when it is used."""

    __tablename__ = "recovery_code"

    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class RolePolicy(Model):
    """What a role requires of its members; nothing, if there is no row."""

    __tablename__ = "role_policy"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str] = mapped_column(String(8), unique=True)
    needs_second_factor: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=0)

    __table_args__ = (CheckConstraint(f"role in {ROLES}", name="role_known"),)

    @property
    def subject(self) -> Subject:
        return Subject("role", self.id)


class ApiKey(Model):
    """A program, and the secret with which it authenticates, identified by its hash.

    Attributes:
        hint: The first characters of the secret, by which its owner recognises it.
        owner_id: The staff member who created it and is accountable for what it does; `None` if an
            operator created it.
        calls_per_minute: Its own limit; `None` for that of all others.
        old_secret_hash: Of the secret before this one, which is good until `old_secret_until`.
    """

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(Sequence, primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    hint: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(MAX_NAME_LENGTH))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("staff_member.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    calls_per_minute: Mapped[int | None]
    old_secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    old_secret_until: Mapped[datetime | None] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=0)

    __table_args__ = ({"sqlite_autoincrement": True},)

    @property
    def subject(self) -> Subject:
        return Subject("key", self.id)


class AttemptBucket(Model):
    """How many attempts somebody has left; refills over time. The key does not reveal whose
    it is.
    """

    __tablename__ = "attempt_bucket"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    left: Mapped[float] = mapped_column(Float)
    at: Mapped[datetime] = mapped_column(Moment, index=True)

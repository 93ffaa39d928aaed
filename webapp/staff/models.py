"""The tables about staff: the member, each session, and the buckets that slow guessing down."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Float, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.database import Model, Moment, Sequence, byte_ordered
from webapp.history import Subject
from webapp.person import LONGEST_EMAIL, LONGEST_NAME
from webapp.staff.access import Role

THEMES = ("system", "light", "dark")
DENSITIES = ("comfortable", "compact")


class StaffMember(Model):
    """A person who signs in."""

    __tablename__ = "staff_member"

    id: Mapped[int] = mapped_column(Sequence, primary_key=True)
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL))
    email_key: Mapped[str] = mapped_column(byte_ordered(512), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
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
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint(f"role in {tuple(role.value for role in Role)}", name="role_known"),
        CheckConstraint(f"theme in {THEMES}", name="theme_known"),
        CheckConstraint(f"density in {DENSITIES}", name="density_known"),
        {"sqlite_autoincrement": True},
    )

    @property
    def subject(self) -> Subject:
        return Subject("staff", self.id)


class StaffSession(Model):
    """A signed-in browser, known by the hash of the opaque token in its cookie."""

    __tablename__ = "staff_session"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_member.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment, index=True)
    time_zone: Mapped[str | None] = mapped_column(String(64))
    carried: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class AttemptBucket(Model):
    """How many guesses somebody has left; refills with time. Its key tells nobody whose it is."""

    __tablename__ = "attempt_bucket"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    left: Mapped[float] = mapped_column(Float)
    at: Mapped[datetime] = mapped_column(Moment, index=True)

"""An entry as it is typed: what it would be, and whom it would be about; nothing is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from webapp.blacklist.case import read_evidence
from webapp.blacklist.entries.matching import MAX_COUNTED, BlastRadius, blast_radius
from webapp.blacklist.entries.models import Level
from webapp.blacklist.entries.values import EntryValue, ValueKind, read_value, refuse_public_mail
from webapp.blacklist.opening import read_reason
from webapp.history.entries import Actor
from webapp.kernel.database import db
from webapp.kernel.fields import MAX_NOTE_LENGTH, read_lines, read_text, read_until
from webapp.kernel.refusals import Conflict, InvalidDetails
from webapp.kernel.submission import Submission
from webapp.staff.models import StaffMember
from webapp.staff.permissions import Role

# If more customers in good standing share a domain or phones, an admin must answer for the entry.
MANY = 25
WIDE = (ValueKind.DOMAIN, ValueKind.PHONE, ValueKind.PHONE_RANGE)


class TooWide(Conflict):
    code = "too_wide"
    sentence = "{number} active customers match this; only an admin can add it"
    meaning = "More than 25 active customers match this; only an admin can add it"


@dataclass(frozen=True)
class EntryDraft:
    """An entry that was typed, and whom it would be about."""

    value: EntryValue
    level: Level
    reason: str | None
    note: str
    evidence: list[str]
    until: datetime | None
    radius: BlastRadius


def draft(raw: Mapping[str, Any], *, by: Actor) -> EntryDraft:
    """Read an entry, and look whom it would be about; nothing is saved.

    Args:
        raw: As for `read_value`, and `level` (one of `Level`), `reason` (one of
            `REASONS_OFFERED`, unless it allows), `note` (needed to allow, and for `other`),
            `evidence` (`https` links, one a line) and `until` (see `read_until`) in `zone`.

    Raises:
        Invalid: `invalid_details`, with all problems.
        Conflict: `too_wide`.
    """
    submission = _read_all(raw)
    submission.refuse_if_wrong()
    values = submission.values
    value: EntryValue = values.pop("entry")
    radius = blast_radius(value)
    refuse_public_mail(value, radius.good + radius.blacklisted)
    if radius.good >= MAX_COUNTED:
        raise InvalidDetails.on("value", f"{MAX_COUNTED:,} customers or more match; be more exact")
    is_wide = value.kind in WIDE and radius.good > MANY
    if is_wide and values["level"] is not Level.ALLOW and not _is_admin(by):
        raise TooWide(number=f"{radius.good:,}")
    return EntryDraft(value=value, radius=radius, **values)


def _read_all(raw: Mapping[str, Any]) -> Submission:
    submission = Submission()
    try:
        submission.values["entry"] = read_value(raw)
    except InvalidDetails as refusal:
        submission.problems |= {name: list(texts) for name, texts in refusal.fields.items()}
    submission.read("level", _read_level, raw.get("level"))
    submission.read("note", partial(read_lines, most=MAX_NOTE_LENGTH), raw.get("note") or "")
    submission.read("evidence", read_evidence, raw.get("evidence") or "")
    submission.read("until", read_until, raw.get("until"), raw.get("zone"))
    level = submission.values.get("level")
    submission.values["reason"] = None
    if level is not Level.ALLOW:
        submission.read("reason", read_reason, raw.get("reason"))
    kind = raw.get("kind")
    if level is Level.DENY and kind == ValueKind.CUSTOMER:
        submission.note("level", "Blacklist this customer instead")
    needs_note = level is Level.ALLOW or submission.values["reason"] == "other"
    if needs_note and submission.values.get("note") == "":
        submission.note("note", "Say in a note why")
    return submission


def _read_level(raw: Any) -> Level:
    try:
        return Level(read_text(raw))
    except ValueError:
        raise ValueError("Choose what happens to those who match") from None


def _is_admin(by: Actor) -> bool:
    """Whether whoever answers for this is an admin."""
    if by.accountable_id is None:
        return False
    role = db.session.scalar(
        select(StaffMember.role).where(
            StaffMember.id == by.accountable_id, StaffMember.active.is_(True)
        )
    )
    return role == Role.ADMIN

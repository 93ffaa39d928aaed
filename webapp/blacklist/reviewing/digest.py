"""The daily e-mail to members for whom something waits: only numbers, nobody's personal data."""

from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

from webapp.blacklist import case_counts
from webapp.blacklist.reviewing import marks, removals
from webapp.customers import erase
from webapp.kernel import clock, mail
from webapp.lookalikes import matches
from webapp.programs.webhooks import endpoints
from webapp.staff import members, unread
from webapp.staff.models import StaffMember
from webapp.staff.permissions import Permission, Role, may

MAX_COUNTED = 999
DECIDED = "Decisions about what you asked for"
OFF = "Webhooks that were switched off because they failed"
TEXT = """{lines}{more}

Open Gatebook: {address}

You get this e-mail once a day when something waits. You can switch it off in your preferences.
"""
ANOTHER_MANAGER = "\nWhat you blacklisted or removed yourself needs another manager."


@dataclass(frozen=True)
class DigestOutcome:
    """What came of the mails of a day.

    Attributes:
        number: How many the server took.
        refused: The addresses for which it took none.
    """

    number: int
    refused: list[str]


def send_digests(smtp_url: str, address: str) -> DigestOutcome:
    """Write to each active member for whom something waits and who wants it.

    Args:
        smtp_url: As for `mail.sender_in`.
        address: Where Gatebook is.

    Raises:
        OSError: the server cannot be reached, or takes no mail from us.
    """
    messages = list(_messages(address))
    refused = mail.send(smtp_url, messages) if messages else []
    return DigestOutcome(len(messages) - len(refused), refused)


def _messages(address: str) -> Iterator[EmailMessage]:
    for_managers, decided = _waiting_for_managers(), unread.count_unread()
    off = endpoints.count_off()
    for member in members.list_members():
        if member.active and member.wants_digest:
            own = {DECIDED: decided.get(member.id, 0), OFF: off}
            numbers = _waiting_for(Role(member.role), for_managers, own)
            if any(numbers.values()):
                yield _message(member, numbers, address)


def _waiting_for_managers() -> dict[str, int]:
    now, cap = clock.now(), MAX_COUNTED + 1
    return {
        "Blacklistings that need review": case_counts.number_waiting(now),
        "Of these, overdue": case_counts.number_overdue(now),
        "Removals to check": removals.count_removals(cap=cap),
        "Marks of different people to agree to": marks.count_marks(cap=cap),
        "Similar customers to compare": matches.count_matches(cap=cap),
        "Deletions that need a second person": erase.count_deletions(cap=cap),
    }


def _waiting_for(role: Role, for_managers: dict[str, int], own: dict[str, int]) -> dict[str, int]:
    """The numbers that a member of this role sees on pages too, by what they count."""
    needs = {DECIDED: Permission.EDIT_CUSTOMERS, OFF: Permission.MANAGE_WEBHOOKS}
    return (for_managers if may(role, Permission.REVIEW) else {}) | {
        what: number for what, number in own.items() if may(role, needs[what])
    }


def _message(member: StaffMember, numbers: dict[str, int], address: str) -> EmailMessage:
    message = EmailMessage()
    message["To"] = member.email
    message["Subject"] = "Gatebook: something waits"
    # RFC 3834: no automatic answers, please.
    message["Auto-Submitted"] = "auto-generated"
    lines = "\n".join(f"{what}: {counted(number)}" for what, number in numbers.items() if number)
    more = ANOTHER_MANAGER if set(numbers) - {DECIDED, OFF} else ""
    message.set_content(TEXT.format(lines=lines, more=more, address=address))
    return message


def counted(number: int) -> str:
    """A number as text; those that were counted no further are not said to be exact."""
    return f"{number:,}" if number <= MAX_COUNTED else f"more than {MAX_COUNTED:,}"

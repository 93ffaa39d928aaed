"""The daily e-mail to members for whom something waits: only numbers, nobody's personal data."""

from collections.abc import Iterator
from email.message import EmailMessage

from webapp.blacklist import case_counts
from webapp.blacklist.reviewing import removals
from webapp.customers import erase
from webapp.kernel import clock, mail
from webapp.lookalikes import pairs
from webapp.staff import members, unread
from webapp.staff.models import StaffMember
from webapp.staff.permissions import Permission, Role, may

MAX_COUNTED = 999
FOR_MANAGERS = {
    "waiting": "Blacklistings that need review",
    "overdue": "Of these, overdue",
    "removals": "Removals to check",
    "lookalikes": "Similar customers to compare",
    "deletions": "Deletions that need a second person",
}
FOR_EVERYBODY = {"decided": "Decisions about what you asked for"}
TEXT = """{lines}

Open Gatebook: {address}

You get this e-mail once a day when something waits for you. You can switch it off in your
preferences.
"""


def send_digests(smtp_url: str, address: str) -> int:
    """Write to each active member for whom something waits and who wants it; returns how many.

    Args:
        smtp_url: As for `mail.sender_in`.
        address: Where Gatebook is.

    Raises:
        OSError: the server cannot be reached, or refuses.
    """
    messages = list(_messages(address))
    if messages:
        mail.send(smtp_url, messages)
    return len(messages)


def _messages(address: str) -> Iterator[EmailMessage]:
    for_managers = _waiting_for_managers()
    for member in members.list_members():
        if member.active and member.wants_digest:
            numbers = _waiting_for(member, for_managers)
            if any(numbers.values()):
                yield _message(member, numbers, address)


def _waiting_for_managers() -> dict[str, int]:
    now = clock.now()
    return {
        "waiting": case_counts.number_waiting(now),
        "overdue": case_counts.number_overdue(now),
        "removals": removals.count_removals(cap=MAX_COUNTED),
        "lookalikes": pairs.count_matches(cap=MAX_COUNTED),
        "deletions": len(erase.waiting_deletions(limit=MAX_COUNTED)),
    }


def _waiting_for(member: StaffMember, for_managers: dict[str, int]) -> dict[str, int]:
    """The numbers by what they count, in words."""
    own = {FOR_EVERYBODY["decided"]: len(unread.unread_by(member.id))}
    if not may(Role(member.role), Permission.REVIEW):
        return own
    return {FOR_MANAGERS[name]: number for name, number in for_managers.items()} | own


def _message(member: StaffMember, numbers: dict[str, int], address: str) -> EmailMessage:
    message = EmailMessage()
    message["To"] = member.email
    message["Subject"] = "Gatebook: something waits for you"
    # RFC 3834: no automatic answers, please.
    message["Auto-Submitted"] = "auto-generated"
    lines = "\n".join(f"{what}: {number:,}" for what, number in numbers.items() if number)
    message.set_content(TEXT.format(lines=lines, address=address))
    return message

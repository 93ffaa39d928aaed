"""Browsers that a person has signed in with before:
what others guess elsewhere does not slow these down.

The cookie is OWASP's device cookie ("Slow Down Online Guessing Attacks with Device Cookies"):
sealed, it holds a random name of the browser and whom it knows, by fingerprints. It lets nobody in;
it only gives them a bucket of their own. A new password or second factor makes every browser
unknown, so that nobody can collect cookies beforehand.
"""

import json
import secrets
from dataclasses import dataclass

from webapp.kernel import crypto
from webapp.staff.models import StaffMember

MAX_KNOWN = 20


@dataclass(frozen=True)
class Device:
    """A browser, as its cookie describes it."""

    name: str
    knows: tuple[str, ...] = ()

    def knows_well(self, member: StaffMember) -> bool:
        return _mark(member) in self.knows


def read_device(cookie: str) -> Device:
    """The browser that sent this cookie; a new one where there is none, or none that we made."""
    opened = crypto.decrypt_token("device", cookie)
    if opened is None:
        return Device(secrets.token_hex(16))
    name, *knows = json.loads(opened)
    return Device(name, tuple(knows))


def cookie_after(device: Device, member: StaffMember) -> str:
    """The cookie of a browser with which somebody has just shown who they are."""
    others = [mark for mark in device.knows if mark != _mark(member)]
    return crypto.encrypt_token(
        "device", json.dumps([device.name, _mark(member), *others][: MAX_KNOWN + 1]).encode()
    )


def _mark(member: StaffMember) -> str:
    shown = f"{member.id} {member.password_hash} {member.totp_secret}"
    return crypto.fingerprint("known on device", shown.encode()).hex()[:16]

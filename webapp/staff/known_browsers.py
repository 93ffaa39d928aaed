"""Browsers that a person has signed in with before: guesses made elsewhere do not slow these down.

This is OWASP's device cookie ("Slow Down Online Guessing Attacks with Device Cookies"). It is
sealed, and holds a random name of the browser and fingerprints of the people who have signed in
with it. It lets nobody in; it only gives them a bucket of their own. A new password or second
factor makes every browser unknown again, so that nobody can collect cookies in advance.
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
    """The browser that sent this cookie; a new one if there is no cookie, or one that we did not
    make.
    """
    opened = crypto.decrypt_token("device", cookie)
    if opened is None:
        return Device(secrets.token_hex(16))
    name, *knows = json.loads(opened)
    return Device(name, tuple(knows))


def cookie_after(device: Device, member: StaffMember) -> str:
    """The cookie for a browser in which somebody has just authenticated."""
    others = [mark for mark in device.knows if mark != _mark(member)]
    return crypto.encrypt_token(
        "device", json.dumps([device.name, _mark(member), *others][: MAX_KNOWN + 1]).encode()
    )


def _mark(member: StaffMember) -> str:
    shown = f"{member.id} {member.password_hash} {member.totp_secret}"
    return crypto.fingerprint("known on device", shown.encode()).hex()[:16]

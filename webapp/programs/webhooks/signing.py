"""Signatures of Standard Webhooks 1.0: HMAC-SHA-256 over id, time and body, with each secret that
is good.
"""

import base64
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32


def new_secret() -> str:
    """A secret as receivers put it into their settings."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def headers(message_id: str, at: int, body: bytes, good: Sequence[str]) -> dict[str, str]:
    """What a message needs besides its body.

    Args:
        at: When it is sent, in whole seconds since 1970.
        good: The secrets that are good now.
    """
    content = f"{message_id}.{at}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(_signature(content, secret) for secret in good),
    }


def _signature(content: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, content, "sha256")).decode()

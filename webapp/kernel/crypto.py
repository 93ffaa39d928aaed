"""Keys and their uses: encrypted tokens for URLs and forms, keyed fingerprints, and the seals of
the history.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from webapp.kernel.refusals import Conflict


@dataclass
class Keys:
    secret: bytes = b""
    history: bytes = b""
    root: bytes = b""


_keys = Keys()


def use_keys(secret_key: str, history_key: str, root_key: str = "") -> None:
    """Set the keys of this process, once, before anything is sealed.

    Args:
        root_key: Signs roots of the history; empty where nobody asked for them.
    """
    _keys.secret = secret_key.encode()
    _keys.history = history_key.encode()
    _keys.root = root_key.encode()


def encrypt_token(purpose: str, content: bytes, *, holder: str = "") -> str:
    """Encrypt and authenticate (AES-SIV, RFC 5297). Deterministic: the same content always gives
    the same text, which is safe in a URL.

    Args:
        purpose: What it is for; text sealed for one purpose does not open for another.
        holder: A secret that only its holder has, such as a session token; the text does not open
            without it.
    """
    sealed = _cipher(_keys.secret, purpose, holder).encrypt(content, None)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def decrypt_token(purpose: str, text: str, *, holder: str = "") -> bytes | None:
    """The content of a sealed text; `None` if it was not sealed here for this purpose
    and holder.
    """
    try:
        sealed = base64.b64decode(
            text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True
        )
        return _cipher(_keys.secret, purpose, holder).decrypt(sealed, None)
    except (InvalidTag, ValueError, binascii.Error):
        return None


def fingerprint(purpose: str, content: bytes) -> bytes:
    """A 32-byte keyed digest that identifies content without revealing it (HMAC-SHA-256)."""
    return hmac.digest(_derived(_keys.secret, purpose, 32), content, "sha256")


def mac(content: bytes) -> bytes:
    """The seal of a history entry (HMAC-SHA-256), made with a key that is not in the database."""
    return hmac.digest(_keys.history, content, "sha256")


class NoRootKey(Conflict):
    """This process has no key for roots."""

    code = "no_root_key"
    sentence = "GATEBOOK_ROOT_KEY is not set here, so nothing is signed"


def sign(content: bytes) -> bytes:
    """Sign with the key of roots (Ed25519, RFC 8032).

    Raises:
        NoRootKey: there is none.
    """
    return _signing_key().sign(content)


def public_key() -> bytes:
    """The public half of the key of roots, 32 bytes; raises what `sign` does."""
    return _signing_key().public_key().public_bytes_raw()


def is_signed(content: bytes, signature: bytes, key: bytes) -> bool:
    """Whether the owner of a public key has signed this."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signing_key() -> Ed25519PrivateKey:
    if not _keys.root:
        raise NoRootKey
    return Ed25519PrivateKey.from_private_bytes(_derived(_keys.root, "roots of the history", 32))


def history_key_mark() -> str:
    """Identifies the history key without revealing it."""
    return hmac.digest(
        _derived(_keys.history, "mark of the history key", 32), b"gatebook", "sha256"
    ).hex()[:32]


@lru_cache(maxsize=256)
def _cipher(secret: bytes, purpose: str, holder: str) -> AESSIV:
    return AESSIV(_derived(secret + holder.encode(errors="replace"), purpose, 64))


@lru_cache(maxsize=256)
def _derived(secret: bytes, purpose: str, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=None, info=b"gatebook " + purpose.encode()).derive(
        secret
    )

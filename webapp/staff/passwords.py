"""Passwords: hashing by argon2id, one-time passwords, and what a new password must be."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.errors import Invalid

# The second recommendation of OWASP's password storage cheat sheet: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODYS_HASH = HASHER.hash(secrets.token_urlsafe(32))
SHORTEST = 12
LONGEST_BYTES = 1_024
CONTEXT_WORDS = ("gatebook", "password", "customer")
# Letters and digits that cannot be taken for one another when read aloud or copied by hand.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def new_one_time_password() -> str:
    """Four groups of five readable characters: 99 random bits."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(5)) for _ in range(4))


def hashed(password: str) -> str:
    """The argon2id hash (RFC 9106) of a password, to be stored. Takes some 25 ms, so never inside a transaction."""
    return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for `None`, so that nobody can tell who is known here."""
    too_long = len(password.encode(errors="replace")) > LONGEST_BYTES
    try:
        HASHER.verify(password_hash or NOBODYS_HASH, "" if too_long else password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return password_hash is not None and not too_long


def outdated(password_hash: str) -> bool:
    return HASHER.check_needs_rehash(password_hash)


def refuse_weak(password: str, *, name: str, email: str) -> None:
    """Length before composition (NIST SP 800-63B): any twelve characters that are not built on a word of the place.

    Raises:
        Invalid: with the problem on `new_password`.
    """
    problem = _weakness(password, [*CONTEXT_WORDS, email.split("@")[0], *name.split()])
    if problem:
        raise Invalid("invalid_details", problem, {"new_password": [problem]})


def _weakness(password: str, words: list[str]) -> str | None:
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; a few words make a good password"
    try:
        if len(password.encode()) > LONGEST_BYTES:
            return f"Use at most {LONGEST_BYTES} characters"
    except UnicodeEncodeError:
        return "This has a character that cannot be typed again"
    rest = password.casefold()
    for word in words:
        rest = rest.replace(word.casefold(), "") if len(word) > 2 else rest
    if len(set(rest)) < 5:
        return "Use something that is harder to guess than a name or a repeated pattern"
    return None

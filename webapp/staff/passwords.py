"""Passwords: argon2id hashes, one-time passwords, and what a new password must satisfy."""

import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from babel import Locale
from sqlalchemy import select
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.refusals import InvalidDetails
from webapp.staff.models import StaffMember

# The second recommendation of OWASP's password storage cheat sheet: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODYS_HASH = HASHER.hash(secrets.token_urlsafe(32))
SHORTEST = 12
MAX_BYTES = 1_024
ONE_TIME_PASSWORD_LASTS = timedelta(hours=24)
LOWEST_SCORE = 3
# Later characters can only make a password stronger, and rating the oddest 32 already takes half a
# second.
MAX_RATED_LENGTH = 32
CONTEXT_WORDS = ("gatebook", "password", "customer")
LANGUAGES = ("en", "fr", "pt", "es", "de", "it", "nl", "sw", "ha", "yo", "ig", "am")
SEASONS_AND_OTHERS = (
    "spring", "summer", "autumn", "winter", "printemps", "automne", "hiver", "ete", "sommer",
    "herbst", "verano", "invierno", "primavera", "inverno", "motdepasse", "passwort", "contrasena",
    "senha", "nywila", "safaricom", "mpesa", "vodafone", "airtel", "mtn", "glo", "orange",
    "company", "default", "temp", "welcome", "changeme", "administrator",
)  # fmt: skip
LEET = str.maketrans("013457@$!", "oieastasi")
# Letters and digits that cannot be mistaken for one another when read aloud or copied by hand.
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def new_one_time_password() -> str:
    """Four groups of five readable characters: 99 random bits."""
    return readable_secret(groups=4, length=5)


def readable_secret(*, groups: int, length: int) -> str:
    """Groups of random characters, almost five bits each, joined by hyphens."""
    return "-".join("".join(secrets.choice(READABLE) for _ in range(length)) for _ in range(groups))


def hashed(password: str) -> str:
    """The argon2id hash (RFC 9106) of a password, for storage. Takes some 25 ms, so never call it
    inside a transaction.
    """
    return HASHER.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long if the hash is `None`, so that nobody can find
    out who has an account.
    """
    too_long = len(password.encode(errors="replace")) > MAX_BYTES
    try:
        HASHER.verify(password_hash or NOBODYS_HASH, "" if too_long else password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return password_hash is not None and not too_long


def give(member: StaffMember, password_hash: str, *, one_time: bool) -> None:
    """Set a member's password; a one-time password is valid for a day and must be changed at the
    first sign-in.
    """
    member.password_hash = password_hash
    member.must_change_password = one_time
    member.password_expires_at = clock.now() + ONE_TIME_PASSWORD_LASTS if one_time else None


def outdated(password_hash: str) -> bool:
    return HASHER.check_needs_rehash(password_hash)


def refuse_weak(password: str, *, name: str, email: str) -> None:
    """Length before composition (NIST SP 800-63B): any twelve characters that are not among the
    first to be guessed.

    Words that are obvious here (the product, the person) do not count. `zxcvbn` must need more than
    10⁸ guesses; it knows the thirty thousand most common passwords, names and words, dates,
    keyboard patterns and repeats, also combined and with digits for letters.

    Raises:
        Invalid: with the problem on `new_password`.
    """
    problem = _weakness(password, [*CONTEXT_WORDS, email.split("@")[0], *name.split()])
    if problem:
        raise InvalidDetails.on("new_password", problem)


def _weakness(password: str, words: list[str]) -> str | None:
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; a few words make a good password"
    try:
        if len(password.encode()) > MAX_BYTES:
            return f"Use at most {MAX_BYTES} characters"
    except UnicodeEncodeError:
        return "This has a character that cannot be typed again"
    rest = password.casefold()
    for word in words:
        rest = rest.replace(word.casefold(), "") if len(word) > 2 else rest
    if len(set(rest)) < 5:
        return "Use something that is harder to guess than a name or a repeated pattern"
    if _is_a_decorated_word(password, words) or _rating(password, words) < LOWEST_SCORE:
        return (
            "Many people use this password or one like it; a few words that do not belong "
            "together are better"
        )
    return None


def _rating(password: str, words: list[str]) -> int:
    return int(zxcvbn(password[:MAX_RATED_LENGTH], user_inputs=words)["score"])


def _is_a_decorated_word(password: str, words: list[str]) -> bool:
    """One known word with a year, a number or signs: such passwords lead the lists of breached
    ones.
    """
    for letters_of in (password.casefold(), password.casefold().translate(LEET)):
        bare = "".join(character for character in letters_of if character.isalpha())
        if bare in _known_words() or bare in {word.casefold() for word in words}:
            return True
    return False


@cache
def _known_words() -> frozenset[str]:
    """Common passwords, words and names; months, days and places in many languages."""
    vocabulary = {word for words in FREQUENCY_LISTS.values() for word in words}
    vocabulary |= {
        city.casefold().replace("_", "") for zone in clock.time_zones() for city in zone.split("/")
    }
    for language in LANGUAGES:
        locale = Locale.parse(language)
        named = [*locale.months["format"]["wide"].values(), *locale.days["format"]["wide"].values()]
        named += [*locale.territories.values(), *locale.languages.values()]
        vocabulary |= {"".join(c for c in name.casefold() if c.isalpha()) for name in named}
    return frozenset(vocabulary | set(SEASONS_AND_OTHERS))


def find_unchanged(staff_id: int, password_hash: str) -> StaffMember | None:
    """The member whose password has just been checked, locked for the present write transaction.

    `None` if meanwhile somebody reset the password or deactivated the member.
    """
    unchanged = StaffMember.active & (StaffMember.password_hash == password_hash)
    return db.session.scalar(
        select(StaffMember).where(StaffMember.id == staff_id, unchanged).with_for_update()
    )

"""Rules for names, e-mail addresses and notes, of customers and staff alike."""

import re
import unicodedata
from datetime import UTC, datetime, tzinfo
from typing import Any

import idna
from email_validator import EmailNotValidError, validate_email

from webapp.kernel import clock
from webapp.kernel.refusals import InvalidDetails

MAX_NAME_LENGTH = 100
TO_COME = "Choose a moment that is yet to come"
# Longer text is refused before any further processing: Unicode normalization takes quadratic time
# on hostile text.
MAX_TEXT_LENGTH = 1_000
MAX_EMAIL_LENGTH = 254
ZERO_WIDTH_JOINER = "\u200d"
JOINERS = {"\u200c", ZERO_WIDTH_JOINER}
EMOJI = {"So", "Sk"}
FLAG_TAGS = {chr(c) for c in range(0xE0020, 0xE0080)}
OVERRIDES = {"\u202d", "\u202e"}
UNSEEN_AT_EDGES = (
    " \u200b\u200c\u200d\u200e\u200f\u061c\u2060\ufeff\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
)
# Unassigned code points reserved for invisible characters. Any other unassigned character may
# belong to a script newer than our Unicode tables.
UNASSIGNED_INVISIBLES = {chr(c) for c in [0x2065, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000)]}
# Thai, Lao, Myanmar and Khmer put no spaces between words; keyboards insert a zero-width space
# instead.
BETWEEN_WORDS = re.compile(r"(?<=[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b")
EAST_ASIAN = re.compile(r"[\u3005\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+")
# Embeddings, overrides and isolates (UAX #9), which can make one text look like another.
DIRECTION_CONTROLS = {
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
}
# Characters that are invisible although Unicode calls them letters or symbols (Hangul fillers,
# Braille blank), and the replacement character.
BLANK_LETTERS = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\ufffd"}
# For integers in URLs, forms and settings.
MAX_DIGITS = 10
MAX_NOTE_LENGTH = 2_000


def printable(text: str, *, instead: str, lines: bool = False) -> str:
    """Text that is safe to show on a page: control characters, lone surrogates and noncharacters
    are replaced.

    Args:
        lines: Keep line breaks and tabs, for text of several lines.
    """
    allowed = "\r\n\t" if lines else ""
    return "".join(
        instead if character not in allowed and _is_no_text(character) else character
        for character in text
    )


def _is_no_text(character: str) -> bool:
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return is_noncharacter or unicodedata.category(character) in {"Cc", "Cs"}


def read_text(raw: Any) -> str:
    """Text without surrounding whitespace; the empty text for `None`.

    Raises:
        ValueError: not text, too long, or with characters that do not belong in text (control
            characters, lone surrogates).
    """
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise ValueError("This must be text")
    text = raw.strip()
    if len(text) > MAX_TEXT_LENGTH:
        raise ValueError(
            f"This has {len(text):,} characters; nothing here needs more than {MAX_TEXT_LENGTH:,}"
        )
    if any(_is_no_text(c) or unicodedata.category(c) in {"Zl", "Zp"} for c in text):
        raise ValueError("This has a line break or a control character; type it again in one line")
    return text


def read_lines(raw: Any, *, most: int) -> str:
    """A note of several lines: NFC, line feeds only, without surrounding whitespace; the empty text
    for `None`.

    Raises:
        ValueError: not text, longer than `most`, or with control characters or direction controls.
    """
    if raw is not None and not isinstance(raw, str):
        raise ValueError("This must be text")
    text = (raw or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) <= most:
        text = unicodedata.normalize("NFC", text)
    if len(text) > most:
        raise ValueError(f"A note has at most {most:,} characters; this one has {len(text):,}")
    odd = next(
        (c for c in text if c not in "\n\t" and (_is_no_text(c) or c in DIRECTION_CONTROLS)), None
    )
    if odd:
        raise ValueError(
            f"This has a character that cannot be seen (U+{ord(odd):04X}); type the note again"
        )
    return text


def read_name(raw: Any) -> str:
    """A first or last name in any script: NFC, inner whitespace collapsed, 1 to 100 characters.

    Invisible marks at the edges of words, which come from pasting, and soft hyphens are dropped.

    Raises:
        ValueError: empty, too long, or with invisible characters that could make one name look like
            another.
    """
    name = unicodedata.normalize(
        "NFC", " ".join(_without_pasted_marks(word) for word in read_text(raw).split())
    )
    name = " ".join(name.split())
    if not name:
        raise ValueError("Enter a name")
    if len(name) > MAX_NAME_LENGTH:
        raise ValueError(
            f"A name has at most {MAX_NAME_LENGTH} characters; this one has {len(name)}"
        )
    for position, character in enumerate(name):
        if _is_invisible(name, position):
            raise ValueError(
                "This has a character that cannot be seen "
                f"(U+{ord(character):04X}); type the name again"
            )
    if not any(
        unicodedata.category(c)[0] in "LNSP" or unicodedata.category(c) == "Cn" for c in name
    ):
        raise ValueError("Enter a name that can be seen")
    return name


def read_optional_name(raw: Any) -> str:
    """A name that may be missing; the empty text if it is."""
    return read_name(raw) if read_text(raw) else ""


def _without_pasted_marks(word: str) -> str:
    word = BETWEEN_WORDS.sub("", word.replace("\u00ad", ""))
    end = len(word)
    while end and _is_pasted(word, end - 1):
        end -= 1
    start = 0
    while start < end and _is_pasted(word, start):
        start += 1
    return word[start:end]


def _is_pasted(word: str, position: int) -> bool:
    """A format character that has no effect here, pasted by accident. Overrides do not count: they
    would change how the text after them is displayed.
    """
    character = word[position : position + 1]
    is_mark = (
        character != "" and unicodedata.category(character) == "Cf" and character not in OVERRIDES
    )
    return is_mark and not _belongs(word, position)


def _is_invisible(name: str, position: int) -> bool:
    character = name[position]
    if _belongs(name, position):
        return False
    category = unicodedata.category(character)
    unassigned = category == "Cn" and character in UNASSIGNED_INVISIBLES
    return category in {"Cf", "Co"} or unassigned or character in BLANK_LETTERS


def _belongs(text: str, position: int) -> bool:
    """A joiner after a letter or mark, also at the end of a word (Unicode 12.9), or between the
    parts of an emoji.
    """
    character = text[position]
    before, after = text[:position].rstrip("\ufe0f"), text[position + 1 : position + 2]
    if not before:
        return False
    kind, next_kind = unicodedata.category(before[-1]), unicodedata.category(after) if after else ""
    if character == ZERO_WIDTH_JOINER and kind in EMOJI and next_kind in EMOJI:
        return True
    if character in JOINERS:
        return kind[0] in "LM" and next_kind[:1] in ("", "L", "M", "Z")
    return character in FLAG_TAGS and (kind in EMOJI or before[-1] in FLAG_TAGS)


def full_name(first_name: str, last_name: str, email: str = "") -> str:
    """A name as people write it, from whatever parts there are, else the e-mail address. Han and
    hangul names: surname first, no space.
    """
    if first_name and last_name and EAST_ASIAN.fullmatch(first_name + last_name):
        return last_name + first_name
    return f"{first_name} {last_name}".strip() or email


def read_email(raw: Any) -> str:
    """An e-mail address by RFC 5321 and 6531, in normal form. Deliverability is not checked.

    Invisible characters around it come from pasting and are dropped. Until 2009 Japanese carriers
    issued addresses with two dots in a row or a dot before the @; they still receive mail.

    Raises:
        ValueError: what is wrong, as `email-validator` words it.
    """
    text = "".join(read_text(raw).split("\u00ad")).strip(UNSEEN_AT_EDGES)
    if not text:
        raise ValueError("Enter an e-mail address")
    if len(text) > MAX_EMAIL_LENGTH:
        raise ValueError(f"An e-mail address has at most {MAX_EMAIL_LENGTH} characters")
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        local, at, domain = text.rpartition("@")
        single = re.sub(r"\.{2,}", ".", local).rstrip(".")
        if at and single != local and single and domain.lower().endswith(".jp"):
            return local + read_email(single + at + domain).removeprefix(single)
        raise ValueError(str(error).removesuffix(".")) from None


def email_key(email: str) -> str:
    """Equal for equivalent addresses: lower case, the domain in ASCII (IDNA 2008)."""
    local, domain = email.rsplit("@", 1)
    return f"{unicodedata.normalize('NFC', local.lower())}@{ascii_domain(domain)}"


def email_domain(email: str) -> str:
    """The domain of an address, lower case and in ASCII."""
    return email_key(email).rsplit("@", 1)[1]


def typed_email_key(typed: str) -> str:
    """The key of an address as somebody typed it; text that is no address is kept, lower case and
    printable.
    """
    try:
        return email_key(read_email(typed))
    except ValueError:
        return printable(typed, instead="\ufffd").strip().lower()


def ascii_domain(domain: str) -> str:
    return domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")


def parse_int(text: str | None, *, least: int = 0, most: int = 10**9) -> int | None:
    """The number that a text spells; `None` unless it is a number from `least` to `most`.

    `int()` would also accept signs, spaces, underscores and the digits of every script.
    """
    if not text or len(text) > MAX_DIGITS or not (text.isascii() and text.isdigit()):
        return None
    return int(text) if least <= int(text) <= most else None


def read_until(raw: Any, zone: tzinfo | None) -> datetime | None:
    """When something ends, as typed; `None` for empty text.

    Args:
        zone: Of a moment that names none; UTC by default.

    Raises:
        ValueError: it is no moment, or has passed.
    """
    text = read_text(raw)
    if not text:
        return None
    try:
        until = clock.read_moment(text, zone or UTC)
    except (ValueError, OverflowError):
        raise ValueError("Write a day and a time, such as 31.12.2027 18:00") from None
    if until <= clock.now():
        raise ValueError(TO_COME)
    return until


def refuse_past(until: datetime | None, at: datetime) -> None:
    """Refuse an end that has passed while its change waited for others.

    Raises:
        Invalid: `invalid_details`, with the problem on `until`.
    """
    if until is not None and until <= at:
        raise InvalidDetails.on("until", TO_COME)

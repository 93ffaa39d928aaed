"""Folding: how text is made comparable without regard to case, accents, width of letters or script of digits."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from webapp.person import JOINERS

# Letters that people type without their stroke or ligature, and that Unicode does not decompose.
PLAIN_LETTERS = {
    "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "n",
    "ی": "ي", "ى": "ي", "ک": "ك", "ہ": "ه", "ə": "e",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-",
}  # fmt: skip
KANA_VOICING = {"\u3099", "\u309a"}
WORD_START = "  "
SHORTEST_INNER = 2
# Signs, and characters of scripts without spaces: Thai, Lao, Myanmar, Khmer, kana, Han, hangul.
INNER_START = re.compile(
    r"[^\w]|[_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
)


def fold(text: str) -> str:
    """Fold text, character by character, so that `''.join(map(fold, text)) == fold(text)` for NFC text.

    NFKD (UAX #15), combining marks dropped but kana voicing, case folded, letters such as `đ` made plain, digits of
    every script made ASCII. Signs that carry a vowel (Devanagari, Thai) stay.
    """
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_character, unicodedata.normalize("NFC", text)))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in JOINERS:
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    character = PLAIN_LETTERS.get(character, character)
    decomposed = unicodedata.normalize("NFKD", character).casefold()
    bare = "".join(c for c in decomposed if not unicodedata.combining(c) or c in KANA_VOICING)
    return unicodedata.normalize("NFC", "".join(PLAIN_LETTERS.get(c, c) for c in bare))


def searchable(*values: str | None) -> str:
    """The text that searches look into: every word folded and led by two spaces, so that `  ko` finds word starts.

    One or two letters are sought at beginnings only. So that `%` and `小龙` are found inside of words, each sign and
    each character of a script that writes without spaces begins a piece of its own, at the end of the text.
    """
    words = [word for value in values if value for word in fold(value).split()]
    pieces = {word[at.start() : at.start() + 2]: None for word in words for at in INNER_START.finditer(word, 1)}
    return "".join(WORD_START + part for part in [*words, *pieces])


def sought(part: str) -> str:
    """What to look for in a searchable text: parts too short to tell anything only where something begins."""
    return part if len(part) > SHORTEST_INNER else WORD_START + part


def sought_at_beginnings(part: str) -> str:
    """What to look for where only beginnings count; what starts with a sign begins wherever it stands."""
    return sought(part) if INNER_START.match(part) else WORD_START + part


def name_key(first_name: str, last_name: str) -> str:
    """Orders people by last name, then first; equal for people of the same folded name.

    Two spaces part the names: they sort before any name that goes on, and no name contains them.
    """
    return f"{fold(last_name)}{WORD_START}{fold(first_name)}"


def marked(text: str, fragments: Iterable[str], *, digits_only: bool = False) -> list[tuple[str, bool]]:
    """Cut text into pieces, each with whether it matches one of the folded fragments.

    Args:
        digits_only: Compare digits alone, so that `801234` is found in `+234 801 234 5678` across its spaces.
    """
    fragments = [fragment for fragment in fragments if fragment]
    if not fragments:
        return [(text, False)]
    folded = [fold(c) if c.isdigit() or not digits_only else "" for c in text]
    return _pieces(text, _matching_positions(folded, fragments))


def _matching_positions(folded: list[str], fragments: Iterable[str]) -> set[int]:
    owners = [position for position, piece in enumerate(folded) for _ in piece]
    whole = "".join(folded)
    hits: set[int] = set()
    for fragment in fragments:
        start = whole.find(fragment)
        while start >= 0:
            hits.update(range(owners[start], owners[start + len(fragment) - 1] + 1))
            start = whole.find(fragment, start + 1)
    return hits


def _pieces(text: str, hits: set[int]) -> list[tuple[str, bool]]:
    pieces: list[tuple[str, bool]] = []
    for position, character in enumerate(text):
        hit = position in hits
        if pieces and pieces[-1][1] is hit:
            pieces[-1] = (pieces[-1][0] + character, hit)
        else:
            pieces.append((character, hit))
    return pieces

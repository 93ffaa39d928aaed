"""Folding: makes text comparable regardless of case, accents, width, script of digits and typing
habits.

The rules have a version, because their results are stored with each customer: see
`webapp.lookalikes.derived_keys`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from webapp.kernel.letters import (
    EXPANDED_LETTERS,
    HIRAGANA_TO_KATAKANA,
    INVISIBLE_MARKS,
    KANA_VOICING,
    LATIN_LOOKALIKES,
    LOOKALIKES_OF_LATIN,
    PLAIN_LETTERS,
    SIGNS,
    latin_by_name,
)

WORD_START = "  "
# Names of people repeat; folding one takes longer than looking it up.
MAX_REMEMBERED = 8_192
SHORTEST_INNER = 2
# Signs that people omit from a name or replace by a space: apostrophes, hyphens, dots, middle dots.
JOINTS = "'-.·="
# Signs, and characters of scripts without spaces: Thai, Lao, Myanmar, Khmer, kana, Han, hangul.
SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
INNER_START = re.compile(rf"[^\w]|[_{SPACELESS}]")
IS_SPACELESS = re.compile(rf"[{SPACELESS}]+")
AFTER_A_JOINT = re.compile(rf"(?<=[{re.escape(JOINTS)}])\w")
ATTACHED = KANA_VOICING | {"\uff9e", "\uff9f"}


def fold(text: str) -> str:
    """Fold text, cluster by cluster: `''.join(map(fold, clusters(text))) == fold(text)`.

    NFKC and NFKD (UAX #15); combining marks dropped except kana voicing; case folded; letters such
    as `đ` and `ɔ` replaced by plain ones; spellings that typists do not distinguish unified (`ة`
    and `ه`, hiragana and katakana, `髙` and `高`); digits of every script made ASCII; invisible
    characters dropped. Vowel signs (Devanagari, Thai) stay.
    """
    if text.isascii():
        return text.lower().replace("`", "'")
    return "".join(map(_fold_character, unicodedata.normalize("NFKC", text.translate(SIGNS))))


@lru_cache(MAX_REMEMBERED)
def _fold_character(character: str) -> str:
    if _is_unseen(character):
        return ""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    character = HIRAGANA_TO_KATAKANA.get(character, character)
    decomposed = unicodedata.normalize("NFKD", _plain(character)).casefold()
    bare = "".join(c for c in decomposed if not unicodedata.combining(c) or c in KANA_VOICING)
    return unicodedata.normalize("NFC", "".join(_plain(c) for c in bare))


def _is_unseen(character: str) -> bool:
    """Format characters, variation selectors, and signs that only stretch a word: nobody types them
    on purpose.
    """
    return unicodedata.category(character) == "Cf" or character in INVISIBLE_MARKS


def _plain(character: str) -> str:
    return PLAIN_LETTERS[character] if character in PLAIN_LETTERS else latin_by_name(character)


def clusters(text: str) -> Iterator[str]:
    """Each character together with its combining marks."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not (
            unicodedata.combining(text[place]) or text[place] in ATTACHED
        ):
            if text[start:place]:
                yield text[start:place]
            start = place


def expanded(text: str) -> str:
    """Like `fold`, with the two-letter spellings of passports (ICAO 9303) and of keyboards without
    the letter: `ü` as `ue`.
    """
    if text.isascii():
        return fold(text)
    return fold(
        "".join(EXPANDED_LETTERS.get(c, c) for c in unicodedata.normalize("NFC", text).lower())
    )


def contracted(text: str) -> str:
    """Like `fold`, with the two-letter spellings of passports as one letter: `ue` as `u`."""
    return DOUBLED.sub(lambda pair: pair[0][0], fold(text))


def letters(text: str) -> str:
    """The folded letters and digits of a text, joined: equal for `O'Brien` and `OBrien`."""
    return "".join(c for c in fold(text) if unicodedata.category(c)[0] in "LMN")


def skeleton(text: str) -> str:
    """The letters of a text as they look, after UTS #39: look-alikes in a Latin word are Latin."""
    return " ".join(letters(_seen(word)) for word in text.split())


def _seen(word: str) -> str:
    """A word in the one script in which all of its letters can be read; Latin wherever possible."""
    if word.isascii():
        return word
    foreign = next(
        (c for c in word if c.isalpha() and not c.isascii() and c not in LATIN_LOOKALIKES), ""
    )
    script = unicodedata.name(foreign, "").split(" ")[0] if foreign else "LATIN"
    if script == "LATIN":
        return "".join(LATIN_LOOKALIKES.get(c, c) for c in word)
    return "".join(LOOKALIKES_OF_LATIN.get((c, script), c) for c in word)


def searchable(first_name: str, last_name: str, *values: str) -> str:
    """The text that searches read: every word folded and preceded by two spaces, so that ` ko`
    finds word starts.

    One or two letters are matched only at the start of a word. So that `%` and `小龙` are found
    inside words, each sign and each character of a script without spaces also starts a piece of its
    own, at the end of the text. Names are also included joined, as in `delacruz` and `欧阳小龙`,
    and with `ü` as `ue`.
    """
    names = [first_name, last_name]
    words = [word for value in (*names, *values) if value for word in fold(value).split()]
    pieces = [
        *words,
        *_in_one_piece(first_name, last_name),
        *_pieces(words),
        *_pieces_after_joints(names),
    ]
    return "".join(WORD_START + part for part in dict.fromkeys(pieces) if part)


def _in_one_piece(first_name: str, last_name: str) -> Iterator[str]:
    for spell in (letters, lambda name: letters(expanded(name))):
        first, last = spell(first_name), spell(last_name)
        yield from (
            spell(word)
            for name in (first_name, last_name)
            for word in name.split()
            if not word.isascii()
        )
        yield from (
            spelled
            for spelled, name in ((first, first_name), (last, last_name))
            if _has_parts(name)
        )
        yield first + last
        if IS_SPACELESS.search(first + last):
            yield last + first


def _has_parts(name: str) -> bool:
    return not name.isalnum()


def _pieces(words: Iterable[str]) -> Iterator[str]:
    return (
        word[at.start() : at.start() + 2] for word in words for at in INNER_START.finditer(word, 1)
    )


def _pieces_after_joints(names: Iterable[str]) -> Iterator[str]:
    """The first one or two letters after a hyphen or dot, as in `Jean-Paul` and `J.R.R.`."""
    folded = (fold(name) for name in names)
    return (
        name[at.start() : at.start() + 2].rstrip(JOINTS)
        for name in folded
        for at in AFTER_A_JOINT.finditer(name)
    )


def without_edges(word: str) -> str:
    """A word without the punctuation around it; the empty text if nothing else is left."""
    places = [place for place, c in enumerate(word) if not _is_decoration(c)]
    return word[places[0] : places[-1] + 1] if places else ""


def _is_decoration(character: str) -> bool:
    """Punctuation and pictures, except signs that mean something by themselves, such as `%`, `_`
    and `+`.
    """
    category = unicodedata.category(character)
    return character not in "%_\\+&@#" and (
        category[0] == "P" or category in ("So", "Sk", "Sm", "Zs")
    )


def spellings(word: str) -> tuple[str, ...]:
    """What to look for when somebody types a word: as typed, without signs at its edges, joined,
    expanded.
    """
    folded = fold(word)
    bare = without_edges(folded)
    ways = [folded, bare, without_edges(expanded(word))]
    if "@" not in bare and all(
        c.isalnum() or c in JOINTS or unicodedata.category(c)[0] == "M" for c in bare
    ):
        ways += [letters(way) for way in ways]
    return tuple(dict.fromkeys(way for way in ways if way))


def sought(part: str) -> str:
    """What to look for in a searchable text; parts too short to be distinctive match only at the
    start of a piece.
    """
    return part if len(part) > SHORTEST_INNER else WORD_START + part


def sought_at_beginnings(part: str) -> str:
    """What to look for where only word starts count; a part that starts with a sign matches
    anywhere.
    """
    return sought(part) if INNER_START.match(part) else WORD_START + part


@lru_cache(MAX_REMEMBERED)
def name_key(first_name: str, last_name: str) -> str:
    """Sort key: last name, then first; equal for names with the same letters, whatever separates
    them.

    The two names are separated by two spaces, which sort before any longer name and occur in none.
    Somebody with only one name is sorted by it.
    """
    last, first = _sorted_letters(last_name), _sorted_letters(first_name)
    return f"{last or first}{WORD_START}{first if last else ''}"


def _sorted_letters(name: str) -> str:
    return letters(name) or fold(name).replace(" ", "")


@lru_cache(MAX_REMEMBERED)
def whole_names(first_name: str, last_name: str) -> tuple[str, ...]:
    """Keys of a name; two names that are probably one person's share at least one.

    One key has all words in any order, split at hyphens; the other has both names in either order,
    however they are joined or split. Look-alike letters become Latin in Latin words. The two-letter
    spellings of passports are reduced to one letter on both sides, so that `Guenther`, `Günther`
    and `Gunther` are the same.
    """
    words = [word for name in (first_name, last_name) for word in person_words(name)]
    fields = ["".join(person_words(name)) for name in (first_name, last_name)]
    return tuple(dict.fromkeys("".join(sorted(way)) for way in (words, fields) if any(way)))


@lru_cache(MAX_REMEMBERED)
def shortened_names(first_name: str, last_name: str) -> tuple[str, ...]:
    """The keys of a name of three or more words with any one word left out, as a second given name
    often is.
    """
    words = [word for name in (first_name, last_name) for word in person_words(name)]
    ways = (
        [words[:at] + words[at + 1 :] for at in range(len(words))]
        if len(words) >= MIN_TO_LEAVE_OUT
        else []
    )
    return tuple(dict.fromkeys("".join(sorted(way)) for way in ways))


@lru_cache(MAX_REMEMBERED)
def person_words(name: str) -> tuple[str, ...]:
    """The words of a name, folded, split at hyphens and dots, as `whole_names` compares them."""
    parts = (
        fold(" ".join(_seen(word) for word in name.split()))
        .replace("-", " ")
        .replace(".", " ")
        .split()
    )
    return tuple(contracted(letters(part)) for part in parts)


MIN_TO_LEAVE_OUT = 3
DOUBLED = re.compile("ae|oe|ue|aa")

"""Parse a search text into words, parts of a phone number, and the start of a reference or id."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from uuid import UUID

from webapp.customers.fields import CROCKFORD_READING
from webapp.customers.models import DIGITS_OF_ID_END
from webapp.customers.numbering.phone_search import looks_like_phone, searched_digits
from webapp.kernel.fields import typed_email_key
from webapp.kernel.folding import IS_SPACELESS, fold, letters, name_key, spellings, without_edges

REFERENCE_START = re.compile(r"[a-z0-9._-]{3,64}", re.ASCII)
ID_START = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}", re.ASCII)
ID_END = re.compile(rf"[0-9a-f]{{{DIGITS_OF_ID_END},31}}", re.ASCII)
# The beginning of one of our references; people leave out the `CUS-`.
OUR_REFERENCE_START = re.compile(r"(cus)?([0-9a-z]{1,10})", re.ASCII)
LENGTH_WITHOUT_PREFIX = 10
MIN_WITHOUT_PREFIX = 6
MIN_PHONE_DIGITS = 3
# Next to a number of at least this many digits, a word from LABELS is dropped from the search.
MIN_LABELLED_DIGITS = 7
LABELS = re.compile(
    "tel|tele(ph|f)one?|telefono|tlf|phone|ph|mob(ile?)?|cell?|cellphone|handy|portable|gsm|fax|whatsapp|wa|call|contact"
    "|number|num|numero|nr|no|simu|[tmpc]|тел|телефон|моб|هاتف|واتساب|جوال|موبايل|تلفن|電話|电话|手机|전화"
)
# What gets pasted along with an address or a number: parts of links, extensions.
LINKS = (
    (
        re.compile(
            r"(?:https?://)?(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?phone=)\+?(\d+)\S*"
        ),
        r"+\1",
    ),
    (re.compile(r"\b(?:mailto|sms|callto):([^\s?<>]+)(?:\?[^\s<>]*)?", re.IGNORECASE), r"\1"),
    (
        re.compile(
            r"(\d[\d ()./-]{6,})[;,]?\s*(?:ext(?:ension|n)?[.=:]?|x|poste|#)\s*\d{1,6}\s*$",
            re.IGNORECASE,
        ),
        r"\1",
    ),
    (re.compile(r"[:：]\s*(?=[+\d(])"), ": "),
    (re.compile(r"[,;、，；،؛](?=\w)"), " "),
)
MAX_SPLIT_LENGTH = 6
MAX_PARTICLE_LENGTH = 2


@dataclass(frozen=True)
class Query:
    """A parsed search.

    Attributes:
        folded: The whole text, folded.
        terms: Every term must be found, each in any of its spellings.
        digits: The forms in which the typed phone digits may be stored.
        email_key: Of the address, if the text contains one.
        references: Beginnings of references, in lower case.
        id_range: The first and last id that begin with the text.
        id_end: The digits of the text, if an id may end with them.
        name_keys: `name_key` of the words read as first and last name, and the other way round.
        survivors: The `seq` of customers into whom a record was merged that a handle names: the
            book says, not the text.
    """

    folded: str
    terms: tuple[tuple[str, ...], ...] = ()
    digits: tuple[str, ...] = ()
    email_key: str | None = None
    references: tuple[str, ...] = ()
    id_range: tuple[UUID, UUID] | None = None
    id_end: str | None = None
    name_keys: tuple[str, ...] = ()
    survivors: tuple[int, ...] = ()

    @property
    def kind(self) -> str:
        """What the text probably is: `email`, `phone`, `name`, or the empty string if unclear."""
        if "@" in self.folded:
            return "email"
        if self.digits and len(self.terms) == 1:
            return "phone"
        return "" if any(character.isdecimal() for character in self.folded) else "name"

    @property
    def words(self) -> tuple[str, ...]:
        """What to mark in names and addresses."""
        return tuple(part for term in self.terms for part in term)


@lru_cache(maxsize=256)
def understand(text: str) -> Query:
    """Parse a search text; an empty one has no terms."""
    words = _words(text)
    folded = " ".join(fold(" ".join(words)).split())
    if not folded:
        return Query(folded)
    terms, digits = _terms(words)
    return Query(
        folded,
        tuple(terms),
        tuple(dict.fromkeys(digits)),
        _email_key(words),
        tuple(_references(folded)),
        _id_range(folded),
        _id_end(folded),
        tuple(dict.fromkeys(_name_keys(folded))),
    )


def _words(text: str) -> list[str]:
    """The words that were typed, without link parts and stray punctuation."""
    for pattern, instead in LINKS:
        text = pattern.sub(instead, text)
    words = [word for word in text.split() if fold(word)]
    return [word for word in words if without_edges(fold(word))] or words


def _terms(words: list[str]) -> tuple[list[tuple[str, ...]], list[str]]:
    """The terms that must all be found, and the digits among them that may be part of a phone."""
    terms: list[tuple[str, ...]] = []
    digits: list[str] = []
    for is_phone, group in groupby(_with_phones_marked(words), lambda marked: marked[1]):
        parts = [word for word, _ in group]
        sought = _phone_spellings([fold(part) for part in parts]) if is_phone else []
        digits.extend(sought)
        if sought:
            terms.append(
                tuple(dict.fromkeys([*sought, *(spellings(parts[0]) if len(parts) == 1 else ())]))
            )
        else:
            terms.extend(_spelled(parts, place) for place in range(len(parts)))
    if any(len(way) >= MIN_LABELLED_DIGITS for way in digits):
        terms = [term for term in terms if not LABELS.fullmatch(without_edges(term[0]))]
    return terms, digits


def _spelled(words: list[str], place: int) -> tuple[str, ...]:
    """The spellings of a word; a particle or an initial may also be joined to a neighbour."""
    ways = spellings(words[place])
    if len(letters(words[place])) > MAX_PARTICLE_LENGTH:
        return ways
    joined = [
        letters("".join(words[start : start + 2]))
        for start in (place - 1, place)
        if 0 <= start < len(words) - 1
    ]
    return tuple(dict.fromkeys([*ways, *(way for way in joined if way)]))


def _with_phones_marked(words: list[str]) -> Iterator[tuple[str, bool]]:
    """Each word as typed, and whether it is part of a phone; a separator between digits is."""
    last = len(words) - 1
    for place, word in enumerate(words):
        is_sign = bool(re.fullmatch(r"[-/.|·()]+", fold(word)))
        between = (
            is_sign
            and 0 < place < last
            and _is_phone(words[place - 1])
            and _is_phone(words[place + 1])
        )
        yield word, between or _is_phone(word)


def _is_phone(word: str) -> bool:
    return looks_like_phone(
        fold(word).replace("\u30fc", "-").removeprefix("tel:").strip("<>[]\"';,:")
    )


def _phone_spellings(words: list[str]) -> list[str]:
    """The digits that neighbouring words form together; none if too few for a phone."""
    spellings = searched_digits("".join(words))
    if not spellings or len(spellings[0]) < MIN_PHONE_DIGITS:
        return []
    return spellings


def _email_key(words: list[str]) -> str | None:
    address = next((word for word in words if "@" in word), None)
    return typed_email_key(without_edges(address)) if address else None


def _references(folded: str) -> Iterator[str]:
    if REFERENCE_START.fullmatch(folded):
        yield folded
    ours = OUR_REFERENCE_START.fullmatch(without_edges(folded).replace(" ", "").replace("-", ""))
    if ours and (ours[1] or _is_like_a_reference(ours[2])):
        read = "cus-" + ours[2].translate(CROCKFORD_READING)
        if read != folded:
            yield read


def _is_like_a_reference(text: str) -> bool:
    """Whether text without `CUS-` may be a reference: a beginning only if it cannot be a name or a
    phone, a text of full length always.
    """
    is_beginning = (
        len(text) >= MIN_WITHOUT_PREFIX and any(c.isdigit() for c in text) and not text.isdigit()
    )
    return is_beginning or len(text) == LENGTH_WITHOUT_PREFIX


def _id_range(folded: str) -> tuple[UUID, UUID] | None:
    if not ID_START.fullmatch(folded):
        return None
    start = folded.replace("-", "")
    return (UUID(start.ljust(32, "0")), UUID(start.ljust(32, "f"))) if len(start) <= 32 else None


def _id_end(folded: str) -> str | None:
    digits = folded.replace("-", "")
    return digits if ID_END.fullmatch(digits) else None


def _name_keys(folded: str) -> Iterator[str]:
    """Every split into first and last name: between words, or between the characters of a name
    written without spaces.
    """
    words = [without_edges(word) for word in folded.split()]
    in_one_piece = len(words) == 1 and IS_SPACELESS.fullmatch(words[0])
    parts, between = (list(words[0]), "") if in_one_piece else (words, " ")
    if len(parts) > MAX_SPLIT_LENGTH:
        return
    if len(parts) == 1:
        yield name_key(parts[0], "")
    for cut in range(1, len(parts)):
        one, other = between.join(parts[:cut]), between.join(parts[cut:])
        yield from (name_key(one, other), name_key(other, one))

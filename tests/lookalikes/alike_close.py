"""More labelled pairs: addresses with typing errors, at another service, and strangers with almost
the same address.
"""

from collections.abc import Callable
from typing import Any

from tests.lookalikes.alike import IS_GMAIL, Person, Rule, fresh, swapped
from webapp.lookalikes.close import MIN_LETTERS, MIN_LETTERS_OF_NAMESAKES

Made = Callable[[Person, int], dict[str, Any] | None]
NAMED: tuple[str, ...] = ("first_name", "last_name")


def _slip(changed: Callable[[str], str], *kept: str) -> Made:
    """An address whose local part has a typing error; these names are kept."""

    def made(p: Person, number: int) -> dict[str, Any] | None:
        if _letters(p) < MIN_LETTERS[1] + 1:
            return None
        names = dict(zip(NAMED, p[:2], strict=True))
        email = f"{changed(p[2])}@{p[3]}"
        return fresh(p, number, email=email, **{name: names[name] for name in kept})

    return made


def _turned(changed: Callable[[str], str]) -> Made:
    """The same with both names, turned round."""

    def made(p: Person, number: int) -> dict[str, Any] | None:
        if _letters(p) < MIN_LETTERS[1] + 1:
            return None
        email = f"{changed(p[2])}@{p[3]}"
        return fresh(p, number, email=email, first_name=p[1], last_name=p[0])

    return made


def _at(domain: str, *kept: str) -> Made:
    """The same local part at another service."""

    def made(p: Person, number: int) -> dict[str, Any]:
        names = dict(zip(NAMED, p[:2], strict=True))
        return fresh(p, number, email=f"{p[2]}@{domain}", **{name: names[name] for name in kept})

    return made


def _at_a_slip(p: Person, number: int) -> dict[str, Any] | None:
    return _at(swapped(p[3]), *NAMED)(p, number)


def _named(first: int, last: int) -> Made:
    """Nothing but these of the person's words as names; the third is the local part."""
    return lambda p, n: fresh(p, n, first_name=p[first], last_name=p[last])


def _if(holds: Callable[[Person], bool], rule: Made) -> Made:
    return lambda p, number: rule(p, number) if holds(p) else None


def _letters(p: Person) -> int:
    return sum(letter.isalnum() for letter in p[2])


def _is_long(p: Person) -> bool:
    return _letters(p) >= MIN_LETTERS_OF_NAMESAKES


def _is_public(p: Person) -> bool:
    return p[3] == IS_GMAIL


def _is_work(p: Person) -> bool:
    return not _is_public(p)


def without(local: str) -> str:
    return local[:-2] + local[-1]


def doubled(local: str) -> str:
    return local[:3] + local[2] + local[3:]


def replaced(local: str) -> str:
    return f"{local[:2]}q{local[3:]}"


CLOSE = ("close_email",)
RULES: list[Rule] = [
    ("a letter of the address left out", True, CLOSE, _slip(without, *NAMED)),
    ("a letter doubled", True, CLOSE, _slip(doubled, *NAMED)),
    ("two letters swapped", True, CLOSE, _slip(swapped, *NAMED)),
    ("a letter replaced", True, CLOSE, _slip(replaced, *NAMED)),
    ("a digit added", True, CLOSE, _slip("{}7".format, *NAMED)),
    ("a letter in front", True, CLOSE, _slip("m{}".format, *NAMED)),
    ("a slip, names turned round", True, CLOSE, _turned(replaced)),
    ("a year added", True, CLOSE, _if(_is_long, _slip("{}1999".format, *NAMED))),
    ("two digits added", True, CLOSE, _if(_is_long, _slip("{}42".format, *NAMED))),
    ("a slip in the domain", True, CLOSE, _if(_is_work, _at_a_slip)),
    ("the same name at another service", True, CLOSE, _at("elsewhere.example.net", *NAMED)),
    ("at another public service", True, CLOSE, _if(_is_public, _at("yahoo.com", *NAMED))),
    # somebody else
    ("a colleague of the same first name", False, (), _if(_is_work, _slip(swapped, NAMED[0]))),
    ("a colleague of the same last name", False, (), _if(_is_work, _slip(doubled, NAMED[1]))),
    ("a colleague with a digit more", False, (), _if(_is_work, _slip("{}8".format, NAMED[1]))),
    ("a relative at another service", False, (), _at("post.example.net", "last_name")),
    ("the same local part at another service", False, (), _if(_is_public, _at("yahoo.fr"))),
    ("the same local part in another country", False, (), _if(_is_public, _at("web.de"))),
    ("a stranger with a letter less", False, (), _slip(without)),
    ("a stranger with a letter more", False, (), _slip(doubled)),
    ("a stranger with a digit more", False, (), _slip("{}7".format)),
    ("a stranger with a letter in front", False, (), _slip("m{}".format)),
    ("a stranger with letters swapped", False, (), _slip(swapped)),
    ("a stranger with another digit", False, (), _slip("{}3".format)),
    ("a stranger with a year", False, (), _slip("{}1990".format)),
    ("a stranger's address elsewhere", False, (), _at("elsewhere.example.net")),
    ("a stranger at almost the domain", False, (), lambda p, n: _at("x" + p[3])(p, n)),
    ("a first name in common", False, (), _named(0, 2)),
    ("a last name in common", False, (), _named(2, 1)),
    ("a namesake elsewhere", False, (), _named(0, 1)),
    ("a namesake elsewhere, turned round", False, (), _named(1, 0)),
]

"""Labelled pairs of records, from rules that a person can read: whether they are the same person,
and which signals are promised.

Each rule takes a blacklisted person and makes the other record of the pair. `promised` lists the
signals that the look-alike rules promise to find; a pair of the same person without a promise may
be missed, which lowers recall.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

PEOPLE = [
    ("John", "Doe", "j.doe", "gmail.com", "+2348012345678", "NG"),
    ("Adaeze", "Okonkwo", "ada.okonkwo", "gmail.com", "+2348031234567", "NG"),
    ("Kwabena", "Mensah", "kwabena.mensah", "lapaz-traders.com.gh", "+233201234501", "GH"),
    ("Fúnmiláyọ̀", "Adébáyọ̀", "funmi", "kiosk.ng", "+2348051112233", "NG"),
    ("Đặng", "Thị Hương", "huong.dang", "bücher.example", "+84912345601", "VN"),
    ("Jürgen", "Groß", "juergen.gross", "werkstatt-gross.de", "+4915123456701", "DE"),
    ("Chloé", "Lefèvre", "chloe.lefevre", "atelier-lefevre.fr", "+33612345601", "FR"),
    ("Oluwaseun", "Balogun", "seun.balogun", "gmail.com", "+2348091234501", "NG"),
    ("Małgorzata", "Wiśniewska", "m.wisniewska", "gmail.com", "+48512345601", "PL"),
    ("Fatima", "Chaudhry", "fatima.chaudhry", "chaudhry-textiles.pk", "+923011234501", "PK"),
    ("Beatriz", "Magalhães", "bia.magalhaes", "gmail.com", "+5511912345601", "BR"),
    ("Oleksandr", "Shevchenko", "o.shevchenko", "depot.com.ua", "+380501234501", "UA"),
]


Person = tuple[str, ...]


@dataclass(frozen=True)
class Pair:
    rule: str
    bad: dict[str, Any]
    other: dict[str, Any]
    is_same: bool
    promised: frozenset[str]


def _record(person: tuple[str, ...], **changes: Any) -> dict[str, Any]:
    first, last, local, domain, phone, country = person
    record = {
        "first_name": first,
        "last_name": last,
        "email": f"{local}@{domain}",
        "phone": phone,
        "country": country,
    }
    return record | changes


def fresh(person: tuple[str, ...], number: int, **kept: Any) -> dict[str, Any]:
    """A person with nothing in common but the `kept` details."""
    unlike = {
        "first_name": f"Quentin{'abcdefghijklmnopqrstuvwxyz'[number]}",
        "last_name": "Zwettler",
        "country": "AT",
    }
    return (
        unlike
        | {"email": f"unlike{number}.{person[2]}@elsewhere{number}.example.org", "phone": ""}
        | kept
    )


def swapped(text: str) -> str:
    """The text with two different neighbouring letters swapped, near the middle."""
    at = next(i for i in range(len(text) // 2, 0, -1) if text[i] != text[i - 1])
    return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def _national(person: tuple[str, ...]) -> str:
    import phonenumbers

    number = phonenumbers.parse(person[4])
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def _ascii_domain(domain: str) -> str:
    return domain.encode("idna").decode()


Rule = tuple[str, bool, tuple[str, ...], Callable[[Person, int], dict[str, Any] | None]]
IS_GMAIL = "gmail.com"


def _gmail(made: Callable[[str], str]) -> Callable[[tuple[str, ...], int], dict[str, Any] | None]:
    """A rule for Gmail addresses only: another spelling that Gmail delivers to the same mailbox."""
    return lambda p, n: fresh(p, n, email=made(p[2])) if p[3] == IS_GMAIL else None


def _elsewhere(
    made: Callable[[str, str], str],
) -> Callable[[tuple[str, ...], int], dict[str, Any] | None]:
    """A rule for all other addresses, in which dots matter."""
    return lambda p, n: fresh(p, n, email=made(p[2], p[3])) if p[3] != IS_GMAIL else None


def _at_work(
    **change: Callable[[tuple[str, ...]], str],
) -> Callable[[tuple[str, ...], int], dict[str, Any] | None]:
    """A rule for people at a company's domain: another address at that domain, and
    changed names.
    """

    def made(p: tuple[str, ...], n: int) -> dict[str, Any] | None:
        if p[3] == IS_GMAIL:
            return None
        names = {"first_name": p[0], "last_name": p[1]} | {
            name: how(p) for name, how in change.items()
        }
        return fresh(p, n, email=f"office{n}@{p[3]}", **names)

    return made


RULES: list[Rule] = [
    # the same e-mail address
    ("a plus part", True, ("email",), lambda p, n: fresh(p, n, email=f"{p[2]}+shop@{p[3]}")),
    ("another plus part", True, ("email",), lambda p, n: fresh(p, n, email=f"{p[2]}+{n}x@{p[3]}")),
    (
        "capital letters and a plus part",
        True,
        ("email",),
        lambda p, n: fresh(p, n, email=f"{p[2].upper()}+A@{p[3]}"),
    ),
    (
        "no dots at Gmail",
        True,
        ("email",),
        _gmail(lambda local: f"{local.replace('.', '')}@gmail.com"),
    ),
    (
        "other dots at Gmail",
        True,
        ("email",),
        _gmail(lambda local: f"{'.'.join(local.replace('.', ''))}@gmail.com"),
    ),
    ("googlemail", True, ("email",), _gmail(lambda local: f"{local}@googlemail.com")),
    (
        "googlemail, plus, no dots",
        True,
        ("email",),
        _gmail(lambda local: f"{local.replace('.', '')}+x@googlemail.com"),
    ),
    (
        "the domain in ASCII",
        True,
        ("email",),
        lambda p, n: fresh(p, n, email=f"{p[2]}+i@{_ascii_domain(p[3])}"),
    ),
    # the same phone
    (
        "the phone in its national spelling",
        True,
        ("phone",),
        lambda p, n: fresh(p, n, phone=_national(p), country=p[5]),
    ),
    (
        "the phone with spaces",
        True,
        ("phone",),
        lambda p, n: fresh(p, n, phone=f"{p[4][:4]} {p[4][4:]}", country=p[5]),
    ),
    (
        "the phone with 00",
        True,
        ("phone",),
        lambda p, n: fresh(p, n, phone="00" + p[4][1:], country=p[5]),
    ),
    (
        "phone and a slip in the name",
        True,
        ("phone", "close_name"),
        lambda p, n: fresh(
            p, n, phone=p[4], country=p[5], first_name=swapped(p[0]), last_name=p[1]
        ),
    ),
    # the same name and dial code
    (
        "the name, same country",
        True,
        ("name",),
        lambda p, n: fresh(p, n, first_name=p[0], last_name=p[1], country=p[5]),
    ),
    (
        "the name in capitals",
        True,
        ("name",),
        lambda p, n: fresh(p, n, first_name=p[0].upper(), last_name=p[1].upper(), country=p[5]),
    ),
    (
        "the name with other spaces",
        True,
        ("name",),
        lambda p, n: fresh(
            p, n, first_name=f"  {p[0]} ", last_name="  ".join(p[1].split()), country=p[5]
        ),
    ),
    # almost the same name, at the same company
    (
        "a letter left out, same company",
        True,
        ("close_name",),
        _at_work(first_name=lambda p: p[0][:-1]),
    ),
    (
        "a letter too many, same company",
        True,
        ("close_name",),
        _at_work(last_name=lambda p: p[1] + "n"),
    ),
    (
        "two letters swapped, same company",
        True,
        ("close_name",),
        _at_work(last_name=lambda p: swapped(p[1])),
    ),
    ("the same name, same company", True, ("close_name",), _at_work()),
    # the same person, but no signal is promised
    ("everything is new", True, (), lambda p, n: fresh(p, n)),
    (
        "a nickname, same country",
        True,
        (),
        lambda p, n: fresh(p, n, first_name=p[0][:3], last_name=p[1], country=p[5]),
    ),
    # somebody else
    (
        "dots elsewhere than at Gmail",
        False,
        (),
        _elsewhere(lambda local, domain: f"{local.replace('.', '')}x@{domain}"),
    ),
    (
        "the same local part elsewhere",
        False,
        (),
        lambda p, n: fresh(p, n, email=f"{p[2]}@another{n}.example.org"),
    ),
    (
        "a neighbour's phone",
        False,
        (),
        lambda p, n: fresh(p, n, phone=p[4][:-1] + str(9 - int(p[4][-1])), country=p[5]),
    ),
    (
        "the name in another country",
        False,
        (),
        lambda p, n: fresh(p, n, first_name=p[0], last_name=p[1], country="AT"),
    ),
    ("only the last name", False, (), lambda p, n: fresh(p, n, last_name=p[1], country=p[5])),
    ("only the first name", False, (), lambda p, n: fresh(p, n, first_name=p[0], country=p[5])),
    (
        "a colleague",
        False,
        (),
        _at_work(first_name=lambda p: "Ignatius", last_name=lambda p: "Vandersloot"),
    ),
    (
        "a slip at a public mail service",
        False,
        (),
        lambda p, n: fresh(
            p, n, first_name=swapped(p[0]), last_name=p[1], email=f"someone{n}@gmail.com"
        ),
    ),
    # somebody else, but flagged anyway: the price of the promise
    (
        "a namesake in the same country",
        False,
        ("name",),
        lambda p, n: fresh(p, n, first_name=p[0], last_name=p[1], country=p[5]),
    ),
    (
        "a relative on the same phone",
        False,
        ("phone",),
        lambda p, n: fresh(p, n, first_name="Ignatius", last_name=p[1], phone=p[4], country=p[5]),
    ),
]


def pairs(rules: Sequence[Rule]) -> list[Pair]:
    found = []
    for rule, is_same, promised, made in rules:
        for number, person in enumerate(PEOPLE):
            other = made(person, number)
            if other:
                found.append(Pair(rule, _record(person), other, is_same, frozenset(promised)))
    return found

"""What sample staff did lately, so that a first visitor finds a desk at work: people with a story,
cases that wait for managers, notes, and decisions that an agent has not read yet.

It is done by the same services as everything else, with the clock standing at moments of the last
days.
"""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from webapp.blacklist import opening
from webapp.blacklist.models import Decision
from webapp.blacklist.reviewing import review
from webapp.customers import edit, notes, register
from webapp.history.book import find_fact, set_fact
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.database import writing
from webapp.staff import members
from webapp.transfer.samples.names import STAFF

LIVED = "sample day"
PAID_BACK = "Had three payments charged back in one week."
SHOUTED = "Threatened a colleague on the phone."
TWO_NAMES = "The passport has another name and another day of birth."
TWO_CARDS = "Paid with two cards that were reported stolen."
SETTLED = "Has paid everything back. The bank says so."
RESOLD = "Sold her account to somebody else."


class Story(NamedTuple):
    """Somebody who came in so many hours ago."""

    hours: float
    first_name: str
    last_name: str
    email: str
    phone: str | None


PEOPLE = {
    "akosua": Story(6.5, "Akosua", "Owusu-Ansah", "akosua.owusu@example.com", "+233244120031"),
    "chidi": Story(30, "Chidi", "Okafor", "chidi.okafor@example.org", "+2348031234501"),
    "chidi again": Story(4, "Chidi", "Okafor", "c.okafor@example.net", "+2348031234501"),
    "wanjiru": Story(52, "Wanjiru", "Kamau", "wanjiru.kamau@example.com", "+254712345601"),
    "aya": Story(75, "Aya", "N'Guessan", "aya.nguessan@example.com", "+2250707123401"),
    "fatou": Story(99, "Fatou", "Diop", "fatou.diop@example.org", "+221771234501"),
    "tunde": Story(150, "Babatunde", "Adeyemi", "tunde.adeyemi@example.com", "+2348091234502"),
    "grace": Story(220, "Grace", "Achieng", "grace.achieng@example.net", "+254722345602"),
    "kwabena": Story(3, "Kwabena", "Boakye", "kwabena.boakye@example.com", None),
    "mariam": Story(1.2, "Mariam", "Traoré", "mariam.traore@example.com", "+22376123401"),
}


def live_it() -> None:
    """Let the sample staff have a past, once in a book: all of it or nothing."""
    if find_fact(LIVED) is not None:
        return
    agent, manager, second = (_who(role) for role in ("agent", "manager", "manager2"))
    with writing():
        people = _register_all(agent)
        _older_cases(people, agent, manager, second)
        _this_day(people, agent, manager)
        set_fact(LIVED, "yes")


def _who(role: str) -> Actor:
    name, email = STAFF[role]
    return Actor(kind="staff", id=members.get_member_by_email(email).id, name=name, door="page")


def _register_all(agent: Actor) -> dict[str, UUID]:
    ids: dict[str, UUID] = {}
    for name, story in sorted(PEOPLE.items(), key=lambda item: -item[1].hours):
        details = story._asdict()
        with _ago(details.pop("hours")):
            ids[name] = register.register(details, by=agent).id
    return ids


def _ago(hours: float) -> AbstractContextManager[None]:
    moment: datetime = clock.now() - timedelta(hours=hours)
    return clock.standing_at(moment)


def _older_cases(people: dict[str, UUID], agent: Actor, manager: Actor, second: Actor) -> None:
    """Cases of the last days: some decided, some that a removal was asked of, some that wait."""
    with _ago(218):
        grace = opening.open_case(people["grace"], reason="chargeback", note=PAID_BACK, by=agent)
    with _ago(190):
        review.decide(grace.case.seq, Decision.UPHELD, by=manager)
    with _ago(140):
        tunde = opening.open_case(people["tunde"], reason="abuse", note=SHOUTED, by=agent)
    with _ago(120):
        review.decide(tunde.case.seq, Decision.UPHELD, note="I heard the call.", by=second)
    with _ago(96):
        opening.open_case(people["fatou"], reason="identity", note=TWO_NAMES, by=manager)
    with _ago(28):
        opening.open_case(people["chidi"], reason="fraud", note=TWO_CARDS, by=agent)
    with _ago(26):
        opening.ask_for_lift(people["grace"], case_seq=grace.case.seq, note=SETTLED, by=agent)


def _this_day(people: dict[str, UUID], agent: Actor, manager: Actor) -> None:
    with _ago(6.2):
        notes.add_note(
            people["akosua"], "Called about her new card. It arrives on Monday.", by=agent
        )
    with _ago(5):
        edit.change(people["wanjiru"], {"phone": "+254712345609"}, by=agent)
        notes.add_note(people["wanjiru"], "Changed her number: she has a new SIM.", by=agent)
    with _ago(4.5):
        aya = opening.open_case(people["aya"], reason="terms", note=RESOLD, by=agent)
    with _ago(2):
        removed = "She had asked us first, in March."
        review.decide(aya.case.seq, Decision.OVERTURNED, note=removed, by=manager)
    with _ago(1):
        note = notes.add_note(people["mariam"], "Speaks French and Bambara only.", by=agent)
        notes.pin_note(people["mariam"], note.seq, is_pinned=True, by=agent)

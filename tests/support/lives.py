"""Random lives of cases: weeks of adding, editing, blacklisting, reviewing, asking,
lifting and undoing.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any
from uuid import UUID

from tests.support.cast import actor, add
from webapp.blacklist import opening
from webapp.blacklist.case import find_open
from webapp.blacklist.models import REASONS_OFFERED, Decision
from webapp.blacklist.reviewing import review, review_undo
from webapp.blacklist.reviewing.review import LOOK_AGAIN_AFTER
from webapp.customers import edit, erase, finding
from webapp.customers.models import Customer
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.refusals import Refusal

STAFF = ("Esi", "Kwame", "Ama", "Adwoa")
MANAGERS = ("Ama", "Adwoa")
COUNTRIES = ("GH", "NG", "VN", None)


class Lives:
    """A book in which a lot happens; the same seed gives the same lives."""

    def __init__(self, the_clock: Any, seed: int, *, customers: int, deletes: bool = True) -> None:
        self.clock, self.random = the_clock, Random(seed)
        self.ids: list[UUID] = []
        self.reviews: list[int] = []
        self.people = {name: actor(name) for name in STAFF}
        self.key = Actor(kind="key", id=1, name="Shop", door="api", owner_id=self.people["Ama"].id)
        for number in range(customers):
            self.ids.append(self._add(number).id)
        deeds = [self._open] * 6 + [self._decide] * 6 + [self._undo_review] * 4 + [self._undo] * 3
        deeds += [self._lift] * 2 + [self._ask] * 2 + [self._clear] + [self._edit] * 3
        self.deeds: list[Callable[[UUID], object]] = [*deeds, *([self._delete] if deletes else [])]

    def _add(self, number: int) -> Customer:
        self._pass(days=0.2)
        country = self.random.choice(COUNTRIES)
        return add(
            email=f"life{number}@example.com",
            first_name=f"Life{number}",
            phone=None,
            country=country,
        )

    def _pass(self, *, days: float) -> None:
        """Let some time pass: usually minutes, now and then days."""
        minutes = self.random.choice([1, 2, 5, 30, 60 * 24 * days * 2])
        self.clock.forward(seconds=round(minutes * 60 * (0.5 + self.random.random()), 3))

    def go_on(self, times: int) -> Iterator[None]:
        """Let this many things happen, yielding after each."""
        done = 0
        while done < times:
            self._pass(days=1)
            customer_id = self.random.choice(self.ids)
            with suppress(Refusal):
                self.random.choice(self.deeds)(customer_id)
                done += 1
                yield

    def _by(self, names: tuple[str, ...] = STAFF) -> Actor:
        return self.people[self.random.choice(names)]

    def _open_seq(self, customer_id: UUID) -> int | None:
        case = find_open(finding.get_customer(customer_id))
        return case.seq if case else None

    def _open(self, customer_id: UUID) -> None:
        by_program = self.random.random() < 0.2
        reason = None if by_program else self.random.choice(list(REASONS_OFFERED))
        by = self.key if by_program else self._by()
        opening.open_case(customer_id, reason=reason, note=f"Note {self.random.random()}", by=by)

    def _undo(self, customer_id: UUID) -> None:
        opening.undo(customer_id, case_seq=self._open_seq(customer_id), by=self._by())

    def _decide(self, customer_id: UUID) -> None:
        decision = self.random.choice([Decision.UPHELD, Decision.UPHELD, Decision.OVERTURNED])
        after = self.random.choice(LOOK_AGAIN_AFTER)
        by = self._by(MANAGERS)
        made = review.decide(
            self._open_seq(customer_id) or 0, decision, note="Why.", look_again_after=after, by=by
        )
        self.reviews.append(made.seq)

    def _undo_review(self, customer_id: UUID) -> None:
        if self.reviews:
            review_undo.undo_review(self.reviews[-1], by=self._by(MANAGERS))

    def _ask(self, customer_id: UUID) -> None:
        opening.ask_for_lift(
            customer_id, case_seq=self._open_seq(customer_id), note="Paid.", by=self._by()
        )

    def _lift(self, customer_id: UUID) -> None:
        by = self._by(MANAGERS)
        review.lift(customer_id, case_seq=self._open_seq(customer_id), note="Paid.", by=by)

    def _clear(self, customer_id: UUID) -> None:
        opening.clear(customer_id, by=self.key)

    def _edit(self, customer_id: UUID) -> None:
        new: dict[str, Any] = {"last_name": f"Name{self.random.randrange(1000)}"}
        if self.random.random() < 0.4:
            new |= {"phone": "", "country": self.random.choice(["GH", "NG", "VN"])}
        edit.change(customer_id, new, by=self._by())

    def _delete(self, customer_id: UUID) -> None:
        if len(self.ids) > 5:
            erase.delete_customer(customer_id, by=self._by(MANAGERS))
            self.ids.remove(customer_id)


def start(the_clock: Any, *, weeks_ago: int) -> None:
    """Set the clock back, so that the lives begin in the past."""
    the_clock.moment = clock.now()
    the_clock.forward(weeks=-weeks_ago)

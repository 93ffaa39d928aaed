"""Random days of an office: people come, change roles and leave, keys are made and revoked, notes
are written, similar customers told apart.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import select

from tests.support.cast import actor
from tests.support.lives import Lives
from webapp.blacklist.entries import opening, reviewing
from webapp.blacklist.entries.models import BlacklistEntry, Level
from webapp.blacklist.reviewing import marks
from webapp.customers import notes
from webapp.kernel.database import db
from webapp.kernel.refusals import Refusal
from webapp.lookalikes import distinct
from webapp.lookalikes.distinct import MarkedAlready
from webapp.programs import api_keys, key_changes
from webapp.staff import members, second_factor
from webapp.staff.models import ApiKey, StaffMember
from webapp.staff.permissions import Role, Scope

DEEDS_A_DAY = 8


class Office:
    """The lives of customers, and what else happens meanwhile; the same seed gives the same."""

    def __init__(self, the_clock: Any, seed: int, *, customers: int) -> None:
        self.lives = Lives(the_clock, seed, customers=customers)
        self.random, self.hired = self.lives.random, 0
        self.deeds = [self._hire, self._promote, self._come_and_go, self._reset, self._policy]
        self.deeds += [self._make_key, self._revoke_key, self._hand_over, self._note, self._apart]
        self.deeds += [self._list_value] * 2 + [self._decide_entry] * 2

    def go_on(self, times: int) -> Iterator[None]:
        for number, _ in enumerate(self.lives.go_on(times)):
            if number % DEEDS_A_DAY == 0:
                with suppress(Refusal):
                    self.random.choice(self.deeds)()
            yield

    def _anybody(self) -> int:
        """Not one of those who do the rest."""
        known = select(StaffMember.id).where(StaffMember.email.like("hired%"))
        return self.random.choice(list(db.session.scalars(known)) or [actor("Kojo").id])

    def _hire(self) -> None:
        self.hired += 1
        members.add_member(
            email=f"hired{self.hired}@example.com",
            name=f"Hired {self.hired}",
            role=self.random.choice(list(Role)).value,
            by=actor("Adwoa"),
        )

    def _promote(self) -> None:
        role = self.random.choice(list(Role)).value
        members.change_role(self._anybody(), role=role, by=actor("Adwoa"))

    def _come_and_go(self) -> None:
        member_id = self._anybody()
        active = not members.get_member(member_id).active
        members.set_active(member_id, active=active, by=actor("Adwoa"))

    def _reset(self) -> None:
        members.reset_password(self._anybody(), by=actor("Adwoa"))

    def _policy(self) -> None:
        roles = self.random.sample([role.value for role in Role], 2)
        second_factor.require_for(roles, by=actor("Adwoa"))

    def _make_key(self) -> None:
        self.hired += 1
        scopes = self.random.sample([scope.value for scope in Scope], 2)
        api_keys.create_key(name=f"Program {self.hired}", scopes=scopes, by=actor("Adwoa"))

    def _a_key(self) -> int:
        return self.random.choice(list(db.session.scalars(select(ApiKey.id))))

    def _revoke_key(self) -> None:
        api_keys.revoke_key(self._a_key(), by=actor("Adwoa"))

    def _hand_over(self) -> None:
        key_changes.hand_over(self._a_key(), owner_id=self._anybody(), by=actor("Adwoa"))

    def _note(self) -> None:
        customer_id = self.random.choice(self.lives.ids)
        note = notes.add_note(customer_id, f"Called {self.random.random()}.", by=actor("Esi"))
        notes.pin_note(customer_id, note.seq, is_pinned=True, by=actor("Ama"))

    def _apart(self) -> None:
        one, other = self.random.sample(self.lives.ids, 2)
        try:
            distinct.mark_distinct(one, other, note="Two passports.", by=actor("Esi"))
        except MarkedAlready:
            deed = self.random.choice([marks.agree, distinct.compare_again])
            deed(one, other, note="Seen.", by=actor("Ama"))

    def _list_value(self) -> None:
        """Sometimes an address that somebody in the book has."""
        number = self.random.randrange(30)
        values = [("email", f"life{number}@example.com"), ("domain", f"list{number}.example")]
        kind, value = self.random.choice(values)
        raw: dict[str, Any] = {"kind": kind, "value": value, "note": "On a list."}
        raw |= {
            "level": self.random.choice([*Level]),
            "until": self.random.choice(["", "2090-01-01"]),
        }
        raw |= {} if raw["level"] == Level.ALLOW else {"reason": "fraud"}
        opening.add_entry(raw, by=actor(self.random.choice(["Esi", "Ama", "Adwoa"])))

    def _decide_entry(self) -> None:
        seq = self.random.choice([*db.session.scalars(select(BlacklistEntry.seq)), 1])
        by = actor(self.random.choice(["Esi", "Ama", "Adwoa"]))
        deeds = [
            lambda: opening.undo(seq, by=by),
            lambda: opening.ask_for_removal(seq, note="Not him.", by=by),
            lambda: reviewing.keep(seq, by=by),
            lambda: reviewing.set_end(seq, "2080-01-01", note="New facts.", by=by),
            lambda: reviewing.remove(seq, note="Enough.", is_mistake=seq % 2 == 0, by=by),
        ]
        self.random.choice(deeds)()

"""Who may do what about whose entry of which level in which state: every combination, through
pages, the API and commands.

The rules of DESIGN.md §3 and §4 are written here a second time, independently of the code.
"""

from datetime import timedelta
from itertools import product

import pytest
from flask.testing import FlaskCliRunner

from tests.house_rules.attempts import Browsers
from tests.support.cases import EDITORS, MANAGERS, answers_for, reviewer_of
from tests.support.cast import ROLES, add
from webapp.blacklist.entries import opening, reviewing
from webapp.blacklist.entries.changes import get_entry
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db

LEVELS = ("deny", "review", "watch", "allow", "mark")
STATES = ("fresh", "waiting", "kept", "asked", "ended", "removed")
OPENERS = ("Esi", "Ama", "Adwoa", "key of Ama")
OF_EDITORS = ("undo", "ask")
DEEDS = (*OF_EDITORS, "keep", "remove", "end")
SENT = {
    "undo": ("undo", {}),
    "ask": ("ask", {}),
    "keep": ("decide", {"decision": "keep", "look_again_after": "90"}),
    "remove": ("decide", {"decision": "remove"}),
    "end": ("end", {"until": "31.12.2090 08:00"}),
}


def is_allowed(deed, person, opener, level, state):
    """The rules, written a second time."""
    if person not in (EDITORS if deed in OF_EDITORS else MANAGERS) or state in ("ended", "removed"):
        return False
    own = answers_for(opener) == person
    if deed == "undo":
        return state == "fresh" and opener == person
    if deed == "ask":
        return state != "asked"
    if deed == "remove" and level == "allow":
        return True
    return not own and (deed != "keep" or state != "kept")


class EntryMaker:
    """Makes entries in every state, by calling services as people would."""

    def __init__(self, book, maker):
        self.book, self.maker, self.number = book, maker, 0

    def make(self, opener, level, state):
        self.number += 1
        raw = {"kind": "email", "value": f"e{self.number}@entry.example", "level": level}
        if level == "mark":
            customer = add(email=raw["value"], phone=None, last_name=f"Of {self.number}")
            raw |= {"kind": "customer", "value": customer.reference, "level": "review"}
        raw |= {"note": "Why."} if level == "allow" else {"reason": "fraud"}
        if state == "ended":
            raw["until"] = in_iso(clock.now() + timedelta(minutes=1))
        seq = opening.add_entry(raw, by=self.maker.people[opener]).entry.seq
        self._bring_to(state, seq, self.maker.people[reviewer_of(opener)])
        return seq

    def _bring_to(self, state, seq, reviewer):
        if state != "fresh":
            self.maker.clock.forward(minutes=11)
        if state in ("kept", "asked"):
            reviewing.keep(seq, by=reviewer)
        if state == "asked":
            self.maker.clock.forward(minutes=1)
            opening.ask_for_removal(seq, note="Hers.", by=self.maker.people["Kwame"])
        if state == "removed":
            reviewing.remove(seq, note="No.", by=reviewer)

    def version_of(self, seq):
        with self.book.app.app_context():
            db.session.rollback()
            return get_entry(seq).version


def each_attempt(book, maker, opener, deeds, people):
    """Each attempt on an entry, which is made anew whenever the last attempt changed it."""
    made = EntryMaker(book, maker)
    for level, state in product(LEVELS, STATES):
        seq, before = None, 0
        for deed, person in product(deeds, people):
            if seq is None or made.version_of(seq) != before:
                with book.app.app_context():
                    seq = made.make(opener, level, state)
                before = made.version_of(seq)
            yield deed, person, level, state, seq, lambda s=seq, b=before: made.version_of(s) > b


# One database is enough here: other tests run the same rules on both.
@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("opener", OPENERS)
def test_through_pages(book, maker, opener, figure):
    browsers, tried = Browsers(book), 0
    for deed, person, level, state, seq, is_done in each_attempt(book, maker, opener, DEEDS, ROLES):
        path, data = SENT[deed]
        status = browsers.post(person, f"/entries/{seq}/{path}", data | {"note": "Why."})
        expected = is_allowed(deed, person, opener, level, state)
        assert is_done() is expected, (deed, person, level, state, status)
        assert (status == 403) is (person not in (EDITORS if deed in OF_EDITORS else MANAGERS))
        assert status in (303, 403, 409)
        tried += 1
    figure(f"entries of {opener}: {tried} combinations through pages")


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("opener", OPENERS)
def test_through_commands(book, maker, opener, figure):
    """Managers keep and remove on pages: nobody is a second person at the command line."""
    runner, tried = FlaskCliRunner(book.app), 0
    attempts = each_attempt(book, maker, opener, OF_EDITORS, ROLES)
    for deed, person, level, state, seq, is_done in attempts:
        words = ["undo", str(seq)] if deed == "undo" else ["ask-to-remove", str(seq)]
        words += ["--note", "Why."] if deed == "ask" else []
        by = ["--by", f"{person.lower()}@example.com"]
        result = runner.invoke(args=["entries", *words, *by])
        expected = is_allowed(deed, person, opener, level, state)
        assert (result.exit_code == 0) is expected, (deed, person, level, state, result.output)
        assert is_done() is expected
        tried += 1
    figure(f"entries of {opener}: {tried} combinations through commands")


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("opener", OPENERS)
def test_through_the_api(book, maker, opener, figure):
    """A program takes back what it has just added itself, and nothing else."""
    client, tried = book.app.test_client(), 0
    attempts = each_attempt(book, maker, opener, ["undo"], maker.keys)
    for _, program, level, state, seq, is_done in attempts:
        headers = {"Authorization": f"Bearer {maker.keys[program][1]}"}
        answer = client.delete(f"/api/v1/blacklist-entries/{seq}", headers=headers)
        expected = program == opener and state == "fresh"
        assert is_done() is expected, (program, level, state, answer.json)
        assert answer.status_code in ((200,) if expected else (403, 409))
        tried += 1
    figure(f"entries of {opener}: {tried} combinations through the API")

"""Who may tell whose look-alike apart: every opener, marker, person and deed, through pages and
commands.

The rules of DESIGN.md §3 are written here a second time, independently of the code.
"""

from itertools import product

import pytest
from flask.testing import FlaskCliRunner

from tests.house_rules.attempts import Browsers
from tests.support.cases import EDITORS, MANAGERS, OPENERS, answers_for
from tests.support.cast import ROLES, actor, add
from webapp.blacklist import opening
from webapp.blacklist.reviewing import marks
from webapp.kernel.database import db
from webapp.lookalikes import distinct
from webapp.lookalikes.models import MARK, LookalikePair

STATES = ("unmarked", "waiting", "agreed", "both active")
MARKERS = ("Esi", "Kwame", "Ama")
DEEDS = ("mark", "agree", "compare again")


def is_allowed(deed, person, opener, marker, state):
    """The rules, written a second time."""
    if deed == "mark":
        return person in EDITORS and state == "unmarked"
    if deed == "compare again":
        return person in EDITORS and state != "unmarked"
    return person in MANAGERS and state == "waiting" and person not in (marker, answers_for(opener))


class Pairs:
    """Pairs of a blacklisted customer and a look-alike, made by services as people would."""

    def __init__(self, book, maker):
        self.book, self.maker, self.number = book, maker, 0

    def make(self, opener, marker, state):
        self.number += 1
        people = [
            add(email=f"{side}{self.number}@example.com", phone=f"+23320{1000000 + self.number}")
            for side in "ab"
        ]
        one, other = (person.id for person in people)
        if state != "both active":
            reason = None if opener.startswith("key") else "fraud"
            opening.open_case(other, reason=reason, by=self.maker.people[opener])
        if state != "unmarked":
            distinct.mark_distinct(one, other, note="Two passports.", by=actor(marker))
        if state == "agreed":
            second = next(iter(MANAGERS - {marker, answers_for(opener)}), None)
            if second is None:
                return None
            marks.agree(one, other, by=actor(second))
        return one, other, tuple(sorted(person.seq for person in people))

    def state_of(self, pair):
        with self.book.app.app_context():
            row = db.session.get(LookalikePair, pair[2])
            return row and [getattr(row, name) for name in MARK]


def each_attempt(book, maker, opener, deeds):
    """Each attempt, and a pair as it stands; made anew whenever the last attempt changed it."""
    made = Pairs(book, maker)
    for marker, state in product(MARKERS, STATES):
        pair, before = None, None
        for deed, person in product(deeds, ROLES):
            if pair is None or made.state_of(pair) != before:
                with book.app.app_context():
                    pair = made.make(opener, marker, state)
                if pair is None:
                    break
                before = made.state_of(pair)
            yield (
                deed,
                person,
                marker,
                state,
                pair,
                lambda p=pair, was=before: made.state_of(p) != was,
            )


# One database is enough here: other tests run the same rules on both.
@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("opener", OPENERS)
def test_through_pages(book, maker, opener, figure):
    browsers, tried = Browsers(book), 0
    for deed, person, marker, state, pair, is_changed in each_attempt(book, maker, opener, DEEDS):
        status = send(browsers, deed, person, pair)
        expected = is_allowed(deed, person, opener, marker, state)
        assert is_changed() is expected, (deed, person, marker, state, status)
        assert (status == 403) is (person not in (MANAGERS if deed == "agree" else EDITORS))
        assert status in (303, 403, 409)
        tried += 1
    figure(f"telling apart from cases of {opener}: {tried} combinations through pages")


def send(browsers, deed, person, pair):
    one, other, _ = pair
    if deed == "agree":
        data = {"pairs": f"{one} {other}", "decision": "agree", "note": ""}
        return browsers.post(person, "/review/lookalikes", data)
    path = {"mark": "apart", "compare again": "compare-again"}[deed]
    data = {"other": str(other), "note": "Two passports."}
    return browsers.post(person, f"/customers/{one}/{path}", data)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("opener", OPENERS)
def test_through_commands(book, maker, opener, figure):
    """Nobody agrees at the command line: it is never the second person."""
    runner, tried = FlaskCliRunner(book.app), 0
    deeds = {"mark": "mark-distinct", "compare again": "compare-again"}
    for deed, person, marker, state, pair, is_changed in each_attempt(book, maker, opener, deeds):
        by = f"{person.lower()}@example.com"
        handles = [str(one) for one in pair[:2]]
        arguments = ["blacklist", deeds[deed], *handles, "--by", by, "--note", "Two passports."]
        result = runner.invoke(args=arguments)
        expected = is_allowed(deed, person, opener, marker, state)
        assert (result.exit_code == 0) is expected, (deed, person, marker, state, result.output)
        assert is_changed() is expected
        tried += 1
    figure(f"telling apart from cases of {opener}: {tried} combinations through commands")

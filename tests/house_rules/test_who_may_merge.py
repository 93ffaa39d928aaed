"""Who may merge whose customers, agree to it, refuse it and undo it: every combination of people
and standings, through the pages, which are the only door to it.

The rules of DESIGN.md §3 are written here a second time, independently of the code.
"""

from itertools import product

import pytest

from tests.house_rules.attempts import Browsers
from tests.support.cases import MANAGERS, answers_for
from tests.support.cast import ROLES, actor, add
from webapp.blacklist import opening
from webapp.customers.merged import find_merged
from webapp.kernel.database import db
from webapp.merging import merging
from webapp.merging.agreeing import agree_to_merge
from webapp.merging.models import MergeRequest

OPENERS = ("Esi", "Ama", "Adwoa", "key of Ama", "key of nobody")
STANDINGS = ("neither", "survivor", "other", "both")
NOTE = {"note": "One passport."}
LETTERS = "abcdefghij"


def in_letters(number):
    """A name like no other, so that nobody is compared with all before."""
    return "".join(LETTERS[int(digit)] for digit in str(number))


class Merges:
    """Two customers, and how they stand to one another."""

    def __init__(self, book, maker):
        self.book, self.maker, self.number = book, maker, 0

    def pair(self, standing, opener):
        self.number += 1
        name = in_letters(self.number)
        with self.book.app.app_context():
            people = [
                add(email=f"{side}@{name}.example", first_name=name, last_name=side, phone=None)
                for side in ("one", "two")
            ]
            for side, one in zip(("survivor", "other"), people, strict=True):
                if standing in (side, "both"):
                    reason = None if opener.startswith("key") else "fraud"
                    opening.open_case(one.id, reason=reason, by=self.maker.people[opener])
            return tuple(one.id for one in people)

    def merged_pair(self, standing, opener):
        """Merged by services; with the second persons that this needs."""
        one, other = self.pair(standing, opener)
        asker, second = ("Ama", "Adwoa") if answers_for(opener) != "Adwoa" else ("Adwoa", "Ama")
        if standing != "neither" and answers_for(opener) == second:
            asker, second = second, asker
        with self.book.app.app_context():
            done = merging.merge(one, other, choices={}, note="One.", by=actor(asker))
            if done.request:
                agree_to_merge(one, other, by=actor(second))
        return one, other

    def state(self, other):
        """Whether it is merged, and whether a request waits."""
        with self.book.app.app_context():
            db.session.rollback()
            waits = db.session.query(MergeRequest).count() > 0
            return find_merged(other) is not None, waits


def may_agree(person, asker, opener, standing):
    is_own = standing != "neither" and person == answers_for(opener)
    return person in MANAGERS and person != asker and not is_own


def attempts():
    return product(STANDINGS, OPENERS)


@pytest.mark.only_on("sqlite")
def test_asking_agreeing_and_refusing(book, maker, figure):
    made, browsers, tried = Merges(book, maker), Browsers(book), 0
    for (standing, opener), asker in product(attempts(), ROLES):
        one, other = made.pair(standing, opener)
        status = browsers.post(asker, f"/customers/{one}/merge", NOTE | {"other": str(other)})
        may, waits = asker in MANAGERS, standing != "neither"
        assert (status == 403) is not may
        assert made.state(other) == (may and not waits, may and waits), (standing, opener, asker)
        if may and waits:
            tried += decide_by_each(made, browsers, (one, other), asker, (standing, opener))
        tried += 1
    figure(f"merges: {tried} combinations through pages")


def decide_by_each(made, browsers, pair, asker, case):
    """Everybody who may not agree tries it; a manager refuses; the rest is undone by that."""
    one, other = pair
    path = f"/review/merges/{one}/{other}"
    tried = 0
    for person in sorted(ROLES, key=lambda name: may_agree(name, asker, case[1], case[0])):
        if not made.state(other)[1]:
            break
        status = browsers.post(person, path, {"decision": "agree"})
        expected = may_agree(person, asker, case[1], case[0])
        assert made.state(other)[0] is expected, (case, asker, person, status)
        assert (status == 403) is (person not in MANAGERS)
        tried += 1
    for person in ("Yaw", "Esi", "Ama") if made.state(other)[1] else ():
        browsers.post(person, path, {"decision": "keep"})
        assert made.state(other) == (False, person != "Ama")
        tried += 1
    return tried


@pytest.mark.only_on("sqlite")
def test_undoing(book, maker, figure):
    made, browsers, tried = Merges(book, maker), Browsers(book), 0
    for (standing, opener), asker in product(attempts(), ROLES):
        if answers_for(opener) in MANAGERS and standing != "neither":
            continue  # with two managers nobody is left to agree to the merge
        one, other = made.merged_pair(standing, opener)
        status = browsers.post(asker, f"/merged/{other}/undo", NOTE)
        may, waits = asker in MANAGERS, standing != "neither"
        assert (status == 403) is not may
        assert made.state(other) == (not may or waits, may and waits), (standing, opener, asker)
        if may and waits:
            for person in (asker, "Esi", *sorted(MANAGERS - {asker})):
                browsers.post(person, f"/review/merges/{one}/{other}", {"decision": "agree"})
                expected = may_agree(person, asker, opener, standing)
                assert made.state(other)[0] is not expected, (standing, opener, asker, person)
                tried += 1
        tried += 1
    figure(f"undone merges: {tried} combinations through pages")

"""One catalogue of refusals: each is a class with a code, a status and a sentence
that occurs only once.
"""

import re
from collections import Counter
from http import HTTPStatus

import pytest

from tests.support.modules import import_all
from webapp.api.refusals import BY_CODE, MET
from webapp.kernel.refusals import Conflict, Refusal, all_refusals
from webapp.settings import PROJECT

import_all()
KINDS = sorted(set(all_refusals()), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_refusal_has_a_code_a_status_and_no_full_stop(kind):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)
    assert HTTPStatus(kind.status) >= HTTPStatus.BAD_REQUEST
    assert not kind.sentence.endswith(".")
    assert kind.title


def test_a_sentence_stands_once():
    said = ("sentence", "meaning")
    own = [kind.__dict__[name] for kind in KINDS for name in said if kind.__dict__.get(name)]
    assert [sentence for sentence, count in Counter(own).items() if count > 1] == []


def test_a_code_has_one_status():
    statuses = {}
    for kind in KINDS:
        statuses.setdefault(kind.code, set()).add(kind.status)
    assert {code: several for code, several in statuses.items() if len(several) > 1} == {}


def test_programs_are_told_of_each_code_once():
    assert len(BY_CODE) == len(MET)
    assert [kind.status for kind in MET] == sorted(kind.status for kind in MET)
    for kind in MET:
        assert "{" not in (kind.meaning or kind.sentence), kind


def test_nobody_refuses_with_words_of_their_own():
    """Facts are inserted into the sentence of the class; no sentence is composed at
    the call site.
    """
    for path in (PROJECT / "webapp").rglob("*.py"):
        bases = r"\b(Refusal|NotFound|Conflict|Invalid)\("
        made = re.findall(rf"(?:raise|return) {bases}", path.read_text())
        assert made == [], path


def test_facts_are_put_into_the_sentence():
    class Full(Conflict):
        code = "full"
        sentence = "{name} has {count} already"

    refusal = Full(name="{Ama}", count=3)
    assert (str(refusal), refusal.message) == ("{Ama} has 3 already", "{Ama} has 3 already")
    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.status_on_a_page) == (409, 409)

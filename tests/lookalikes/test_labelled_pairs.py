"""A labelled set of pairs: precision and recall of the look-alike signals."""

from contextlib import suppress

import pytest

from tests.lookalikes import alike, alike_close
from tests.support.cast import add, bad
from webapp.kernel.database import writing
from webapp.lookalikes.candidates import Candidate
from webapp.lookalikes.pairs import MAX_FOUND
from webapp.lookalikes.signals import lookalikes_of

pytestmark = pytest.mark.usefixtures("staffed")


def test_a_labelled_set_of_pairs(figure):
    """Every promised pair is found, with the promised signals, and nobody else is flagged."""
    made = alike.pairs([*alike.RULES, *alike_close.RULES])
    assert len(made) >= 600
    right = wrong = missed = 0
    for pair in made:
        flagged = flagged_signals(pair)
        assert pair.promised <= flagged, (pair.rule, pair.other, flagged)
        assert flagged <= pair.promised | ({"close_name"} if pair.promised else set()), (
            pair.rule,
            pair.other,
            flagged,
        )
        right += bool(flagged) and pair.is_same
        wrong += bool(flagged) and not pair.is_same
        missed += not flagged and pair.is_same
    precision, recall = right / (right + wrong), right / (right + missed)
    promised = sum(bool(pair.promised) for pair in made)
    figure(
        f"look-alikes: {len(made)} labelled pairs, precision {precision:.3f}, recall {recall:.3f}"
    )
    figure(f"look-alikes: of {promised} pairs that the rules promise, none missed")
    assert recall > 0.85
    assert precision > 0.85


def flagged_signals(pair):
    """The signals between the two records of a pair, as pages and programs get them; both are
    removed afterwards.
    """
    with suppress(TakenBack), writing():
        bad_one = bad(**pair.bad)
        details = add(**pair.other).details
        found = lookalikes_of([Candidate(details)], blacklisted=True, most=MAX_FOUND)[0]
        signals = {
            signal for one in found if one.customer.seq == bad_one.seq for signal in one.signals
        }
        raise TakenBack
    return signals


class TakenBack(Exception):
    """Raised to roll back a write transaction."""

"""A short version of `make hostile`, on both databases."""

from tests.hostile.requests import MAX_CPU_SECONDS, Attacker
from tests.support.cast import add, hire

SENT = 1_500
MAX_GROWTH = 64 * 1024 * 1024


def test_nothing_that_anybody_sends_breaks_the_server(inside, figure):
    hire()
    ids = [str(add(email=f"c{number}@example.com", phone=None).id) for number in range(8)]
    outcome = Attacker(inside.app, ids, seed=13).attack(SENT)
    figure(
        f"{outcome.sent} hostile requests on {inside.kind}: "
        f"{dict(sorted(outcome.statuses.items()))}"
    )
    assert outcome.failures == [], "\n".join(outcome.failures[:10])
    assert outcome.longest <= MAX_CPU_SECONDS
    assert outcome.memory[-1] - outcome.memory[1] < MAX_GROWTH
    assert {200, 303, 400, 401, 403, 404} <= outcome.statuses.keys(), (
        "all kinds of answers were met"
    )

"""A key in use gets another secret, a limit and an owner; what it did stays its own."""

from datetime import timedelta

import pytest

from tests.support.cast import actor, member
from tests.support.histories import is_sound
from tests.support.refusals import refused
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Invalid, NotFound
from webapp.programs import api_keys, idempotency, key_changes
from webapp.programs.idempotency import Answer, IdempotentCall

pytestmark = pytest.mark.usefixtures("staffed", "standing_clock")


def create(name="Shop", **more):
    return api_keys.create_key(name=name, scopes=["read"], by=actor("Ama"), **more)


def roll(key, hours=24):
    return key_changes.roll_key(key.id, hours=hours, by=actor("Ama"))[1]


def test_both_secrets_are_good_until_the_old_one_ends(the_clock):
    key, old = create()
    new = roll(key)
    assert new != old
    for secret in (old, new):
        assert api_keys.find_program(secret).id == key.id
    the_clock.forward(hours=24)
    assert api_keys.find_program(old) is None
    assert api_keys.why_refused(old) == "expired"
    assert api_keys.find_program(new).id == key.id
    assert api_keys.get_key(key.id).hint == new[: api_keys.HINT_LENGTH]
    assert is_sound()


def test_it_may_end_at_once_and_one_that_is_older_still_does():
    key, first = create()
    second = roll(key)
    third = roll(key, hours=0)
    assert [api_keys.find_program(one) is None for one in (first, second, third)] == [
        True,
        True,
        False,
    ]


def test_a_revoked_key_gets_no_secret():
    key, old = create()
    new = roll(key)
    api_keys.revoke_key(key.id, by=actor("Adwoa"))
    assert [api_keys.find_program(one) for one in (old, new)] == [None, None]
    assert api_keys.why_refused(old) == "revoked"
    assert refused(lambda: roll(key)) == "revoked_before"
    with pytest.raises(NotFound):
        key_changes.roll_key(999, hours=1, by=actor("Adwoa"))


@pytest.mark.parametrize("hours", [-1, key_changes.MOST_HOURS + 1])
def test_the_old_one_ends_within_a_month(hours):
    key, _ = create()
    with pytest.raises(Invalid):
        roll(key, hours=hours)


def test_kept_answers_belong_to_the_program():
    key, old = create()
    new = roll(key)
    question = IdempotentCall(key.id, "order-1", old, b"asked")
    with writing():
        idempotency.keep(question, Answer(201, None, "{}"), customer_seq=None)
    assert idempotency.find(IdempotentCall(key.id, "order-1", new, b"asked")) == (
        Answer(201, None, "{}"),
        True,
    )


def test_an_answer_of_before_is_found_by_its_secret(monkeypatch):
    """One that was encrypted with the secret, before programs had two."""
    key, secret = create()
    question = IdempotentCall(key.id, "order-1", secret, b"asked")
    with monkeypatch.context() as before, writing():
        before.setattr(IdempotentCall, "holder", property(lambda call: call.secret))
        idempotency.keep(question, Answer(201, None, "{}"), customer_seq=None)
    assert idempotency.find(question)[0] == Answer(201, None, "{}")


@pytest.mark.parametrize("calls", [0, -1, api_keys.MOST_CALLS + 1])
def test_a_limit_that_is_none(calls):
    key, _ = create()
    with pytest.raises(Invalid):
        key_changes.set_limit(key.id, calls_per_minute=calls, by=actor("Adwoa"))
    with pytest.raises(Invalid):
        create("Till", calls_per_minute=calls)


def test_a_limit_of_its_own():
    key, secret = create(calls_per_minute=5)
    assert api_keys.find_program(secret).calls_per_minute == 5
    key_changes.set_limit(key.id, calls_per_minute=None, by=actor("Adwoa"))
    assert api_keys.find_program(secret).calls_per_minute is None
    before = api_keys.get_key(key.id).version
    key_changes.set_limit(key.id, calls_per_minute=None, by=actor("Adwoa"))
    assert api_keys.get_key(key.id).version == before
    assert is_sound()


def test_the_keys_that_stop_when_somebody_leaves(the_clock):
    ama = member("Ama").id
    till, _ = create("Till")
    shop, _ = create("Shop")
    create("Old", expires_at=the_clock.now() + timedelta(hours=1))
    revoked, _ = create("Gone")
    api_keys.revoke_key(revoked.id, by=actor("Adwoa"))
    assert [key.name for key in key_changes.keys_of(ama)] == ["Old", "Shop", "Till"]
    the_clock.forward(hours=2)
    key_changes.hand_over(till.id, owner_id=member("Esi").id, by=actor("Adwoa"))
    db.session.rollback()
    assert [key.id for key in key_changes.keys_of(ama)] == [shop.id]


def test_whoever_has_a_secret_answers_for_it():
    """Nobody acts through a program that another answers for."""
    key, _ = create()
    for deed in (
        lambda: key_changes.roll_key(key.id, hours=1, by=actor("Adwoa")),
        lambda: key_changes.hand_over(key.id, owner_id=member("Esi").id, by=actor("Ama")),
    ):
        assert refused(deed) in ("not_its_owner", "own_key")
    key_changes.hand_over(key.id, owner_id=member("Adwoa").id, by=actor("Adwoa"))
    assert key_changes.roll_key(key.id, hours=1, by=actor("Adwoa"))[1]


def test_who_left_answers_for_nothing():
    key, _ = create()
    with writing():
        member("Esi").active = False
    with pytest.raises(Invalid):
        key_changes.hand_over(key.id, owner_id=member("Esi").id, by=actor("Adwoa"))

"""Two people add the same person at the same moment: the second is asked."""

from functools import partial

from tests.support.at_once import at_once
from tests.support.cast import KOFI, actor
from webapp.customers import edit, register
from webapp.kernel.database import db
from webapp.lookalikes.duplicates import DuplicateCheck

ROUNDS = 20


def test_two_who_add_the_same_person_at_once(staff, figure):
    with staff.app.app_context():
        esi, kwame = actor("Esi"), actor("Kwame")
    for number in range(ROUNDS):
        phone = f"+23320123{4000 + number}"
        outcomes = at_once(
            staff,
            partial(added, f"a{number}", phone, esi),
            partial(added, f"b{number}", phone, kwame),
        )
        assert sorted(map(str, outcomes)) == ["True", "probable_duplicate"]
    figure(f"the same person added by two at once on {staff.kind}: {ROUNDS} times, one was asked")


def added(name, phone, by):
    details = KOFI | {"email": f"{name}@example.com", "phone": phone}
    return bool(register.register(details, by=by, check=DuplicateCheck(())))


def test_two_who_take_over_each_others_phone_wait_for_no_circle(staff):
    """Both take what they had and what they want, in one order."""
    with staff.app.app_context():
        esi, kwame = actor("Esi"), actor("Kwame")
        phones = [f"+23320123{5000 + number}" for number in range(2)]
        one, other = (
            register.register(KOFI | {"email": f"{n}@example.com", "phone": n}, by=esi).id
            for n in phones
        )
        db.session.remove()
    for _ in range(ROUNDS):
        outcomes = at_once(
            staff, partial(changed, one, phones[1], esi), partial(changed, other, phones[0], kwame)
        )
        assert outcomes == [True, True]
        phones.reverse()


def changed(customer_id, phone, by):
    done = edit.change(customer_id, {"phone": phone}, by=by, check=DuplicateCheck(None))
    return bool(done.customer)

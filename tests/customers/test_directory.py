"""Registering and editing customers: all problems are reported at once, and no change is lost."""

import pytest
from sqlalchemy import select

from tests.support.cast import KOFI, SOMEBODY, actor, add
from webapp.customers import edit, finding, register
from webapp.customers.clashes import ChangedMeanwhile
from webapp.customers.models import Customer, new_id
from webapp.history.entries import entries_of, first_entry
from webapp.kernel.database import db
from webapp.kernel.refusals import Invalid, NotFound

pytestmark = pytest.mark.usefixtures("staffed")


def change(customer, based_on=None, by=SOMEBODY, **given):
    return edit.change(customer.id, given, based_on=based_on or customer.version, by=by)


def test_a_customer_is_registered_in_normal_form_with_a_first_history_entry():
    kofi = add(
        first_name="  Kofi ", email="Kofi.Annan@EXAMPLE.com", phone="020 123 4567", country="GH"
    )
    assert (kofi.first_name, kofi.email, kofi.phone, kofi.dial_code) == (
        "Kofi",
        "Kofi.Annan@example.com",
        "+233201234567",
        "+233",
    )
    assert kofi.reference.startswith("CUS-")
    assert kofi.id.version == 7
    entry = first_entry(kofi.subject)
    assert (entry.kind, entry.actor_name, entry.new("email")) == (
        "created",
        "Somebody",
        "Kofi.Annan@example.com",
    )


def test_all_problems_are_reported_at_once():
    with pytest.raises(Invalid) as refusal:
        register.register(
            {"first_name": "", "email": "nobody", "phone": "123", "country": "XX"}, by=SOMEBODY
        )
    assert refusal.value.code == "invalid_details"
    assert set(refusal.value.fields) == {"first_name", "email", "country"}


def test_an_email_is_taken_whatever_its_case():
    add()
    with pytest.raises(Invalid) as refusal:
        add(email="KOFI.ANNAN@example.com", reference="other")
    assert refusal.value.code == "email_taken"


def test_a_reference_is_taken_whatever_its_case():
    add(reference="Order-1")
    with pytest.raises(Invalid) as refusal:
        add(email="other@example.com", reference="ORDER-1")
    assert refusal.value.code == "reference_taken"


def test_taken_and_other_problems_are_reported_together():
    add()
    with pytest.raises(Invalid) as refusal:
        add(first_name="x" * 101)
    assert refusal.value.code == "email_taken"
    assert set(refusal.value.fields) == {"first_name", "email"}


def test_the_same_submission_twice_is_one_customer():
    customer_id = new_id()
    first = register.register(KOFI, by=SOMEBODY, customer_id=customer_id)
    second = register.register(KOFI, by=SOMEBODY, customer_id=customer_id)
    assert first.seq == second.seq
    assert len(entries_of(first.subject)) == 1


def test_other_details_under_the_same_id_are_somebody_else():
    customer_id = new_id()
    first = register.register(KOFI, by=SOMEBODY, customer_id=customer_id)
    other = KOFI | {"first_name": "Ama", "email": "ama@example.com"}
    second = register.register(other, by=SOMEBODY, customer_id=customer_id)
    assert second.seq != first.seq
    assert second.first_name == "Ama"


def test_a_submission_that_arrives_again_after_a_correction_is_still_the_same():
    customer_id = new_id()
    kofi = register.register(KOFI, by=SOMEBODY, customer_id=customer_id)
    change(kofi, first_name="Kwesi")
    assert register.register(KOFI, by=SOMEBODY, customer_id=customer_id).seq == kofi.seq


def test_a_refused_customer_leaves_nothing_behind():
    with pytest.raises(Invalid):
        add(email="nobody")
    assert db.session.scalars(select(Customer)).all() == []


def test_a_change_writes_old_and_new_values():
    kofi = add()
    done = change(kofi, first_name="Kofi Atta")
    assert done.fields == ("first_name",)
    entry = entries_of(kofi.subject)[0]
    assert (entry.kind, entry.old("first_name"), entry.new("first_name")) == (
        "changed",
        "Kofi",
        "Kofi Atta",
    )
    assert done.customer.version == entry.version == 2


def test_saving_without_a_change_writes_nothing():
    kofi = add()
    assert change(kofi, **KOFI).fields == ()
    assert len(entries_of(kofi.subject)) == 1


def test_different_fields_merge():
    kofi = add()
    change(kofi, based_on=1, by=actor("Esi"), first_name="Kofi Atta")
    done = change(kofi, based_on=1, by=actor("Ama"), last_name="Annan-Smith", first_name="Kofi")
    assert (done.customer.first_name, done.customer.last_name) == ("Kofi Atta", "Annan-Smith")
    assert [entry.actor_name for entry in done.merged] == ["Esi"]
    assert done.fields == ("last_name",)


def test_the_same_field_asks():
    kofi = add()
    change(kofi, based_on=1, by=actor("Esi"), first_name="Kofi Atta")
    with pytest.raises(ChangedMeanwhile) as refusal:
        change(kofi, based_on=1, by=actor("Ama"), first_name="Koffi")
    (clash,) = refusal.value.clashes
    assert (clash.field, clash.mine["first_name"], clash.theirs["first_name"]) == (
        "first_name",
        "Koffi",
        "Kofi Atta",
    )
    assert clash.entry.actor_name == "Esi"
    assert refusal.value.version == 2
    assert finding.get_customer(kofi.id).first_name == "Kofi Atta"


def test_the_same_field_changed_to_the_same_value_does_not_ask():
    kofi = add()
    change(kofi, based_on=1, first_name="Kofi Atta")
    assert change(kofi, based_on=1, first_name="Kofi Atta").fields == ()


def test_changing_back_and_forth_is_compared_with_what_was_seen():
    kofi = add()
    change(kofi, based_on=1, first_name="Kwesi")
    change(kofi, based_on=2, first_name="Kofi")
    assert change(kofi, based_on=1, last_name="Busia", first_name="Kofi").fields == ("last_name",)


def test_an_international_phone_brings_its_dial_code():
    kofi = add()
    done = change(kofi, phone="+234 801 234 5678")
    assert (done.customer.phone, done.customer.dial_code) == ("+2348012345678", "+234")


def test_a_national_phone_is_read_with_the_stored_dial_code():
    kofi = add()
    assert change(kofi, phone="024 999 8888").customer.phone == "+233249998888"


def test_no_phone_clears_phone_and_dial_code():
    kofi = add()
    done = change(kofi, phone=None)
    assert (done.customer.phone, done.customer.dial_code) == (None, None)


def test_a_dial_code_alone_is_allowed():
    kofi = add(phone=None, country="+234")
    assert (kofi.phone, kofi.dial_code) == (None, "+234")


def test_a_dial_code_must_agree_with_the_phone():
    with pytest.raises(Invalid) as refusal:
        add(country="+234")
    assert "begins with +233" in refusal.value.fields["phone"][0]


def test_a_change_to_a_taken_email_is_refused():
    add()
    other = add(email="other@example.com")
    with pytest.raises(Invalid) as refusal:
        change(other, email="kofi.annan@example.com")
    assert refusal.value.code == "email_taken"


def test_changing_the_case_of_ones_own_email_is_allowed():
    kofi = add()
    assert change(kofi, email="Kofi.ANNAN@example.com").fields == ("email",)


def test_nobody_is_not_found():
    with pytest.raises(NotFound):
        finding.get_customer(new_id())

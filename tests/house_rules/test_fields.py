"""Every field of a customer is handled everywhere; if not, the test says where it is missing."""

from dataclasses import fields

import pytest

from webapp.api.wire.inputs import CustomerChanges, NewCustomer
from webapp.api.wire.schemas import CustomerOut
from webapp.customers.clashes import GROUPS
from webapp.customers.fields import Details
from webapp.customers.models import Customer, details_columns
from webapp.programs.wire_names import WIRE_NAMES
from webapp.search.results import ListRow
from webapp.settings import PROJECT
from webapp.web.customers.forms import CustomerForm
from webapp.web.words.terms import FIELD_NAMES

SOMEBODY = Details("Ama", "Mensah", "ama@example.com", "+233201234567", "+233", "1985-12-31")
DETAILS = [field.name for field in fields(Details)]
# The dial code is given under one name and stored under another.
GIVEN_AS = {"dial_code": "country"}
OUT_AS = {"dial_code": "country_code", "birthday": "date_of_birth"}
FORM = (PROJECT / "templates/customers/edit_customer.html").read_text()


@pytest.mark.parametrize("name", DETAILS)
def test_a_field_is_written_merged_named_and_listed(name):
    assert details_columns(SOMEBODY)[name] == getattr(SOMEBODY, name), "details_columns"
    assert name in {one for group in GROUPS.values() for one in group}, "GROUPS"
    assert name in FIELD_NAMES
    assert name in ListRow._fields, "ListRow"


@pytest.mark.parametrize("name", DETAILS)
def test_a_field_is_in_the_form_and_on_its_page(name):
    given = GIVEN_AS.get(name, name)
    assert given in CustomerForm.TYPED
    assert f"form.{given}" in FORM


@pytest.mark.parametrize("name", DETAILS)
def test_a_field_is_on_the_wire_both_ways(name):
    out = OUT_AS.get(name, name)
    assert out in CustomerOut.model_fields
    assert out in CustomerChanges.model_fields
    assert out in NewCustomer.model_fields
    wire = CustomerOut.model_fields[out].alias
    assert WIRE_NAMES.get(name, name) == wire, "WIRE_NAMES"


def test_details_come_back_from_the_row_as_they_were():
    customer = Customer()
    customer.take(SOMEBODY)
    assert customer.details == SOMEBODY

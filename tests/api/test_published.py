"""The published description is the present one, anybody may read it, and nothing in it breaks the
clients that were made from an earlier one.
"""

import json
import re
from copy import deepcopy

import pytest

from tests.api.breaking import breaks
from tests.api.publish import published

SCHEMAS = published()["components"]["schemas"]
CALLS = [call for methods in published()["paths"].values() for call in methods.values()]


def test_the_published_description_is_the_present_one(stranger):
    assert stranger.get("openapi.json").json == published(), "run make docs"


def without_field(spec):
    del spec["components"]["schemas"]["CustomerOut"]["properties"]["phone"]


def field_left_out(spec):
    spec["components"]["schemas"]["CustomerOut"]["required"].remove("reference")


def another_type(spec):
    spec["components"]["schemas"]["Meta"]["properties"]["itemCount"]["type"] = "string"


def may_be_null(spec):
    email = spec["components"]["schemas"]["CustomerOut"]["properties"]["email"]
    spec["components"]["schemas"]["CustomerOut"]["properties"]["email"] = {
        "anyOf": [email, {"type": "null"}]
    }


def needed_field(spec):
    spec["components"]["schemas"]["CustomerChanges"]["required"] = ["phone"]


def value_refused(spec):
    spec["components"]["schemas"]["EntryGiven"]["properties"]["kind"]["enum"].remove("domain")


def null_refused(spec):
    phone = spec["components"]["schemas"]["CustomerChanges"]["properties"]["phone"]
    phone["anyOf"] = phone["anyOf"][:1]


def no_parameter(spec):
    call = spec["paths"]["/customers"]["get"]
    call["parameters"] = [one for one in call["parameters"] if one["name"] != "search"]


def needed_parameter(spec):
    spec["paths"]["/customers"]["get"]["parameters"][0]["required"] = True


def no_call(spec):
    del spec["paths"]["/customers/{id}"]["put"]


def no_status(spec):
    del spec["paths"]["/customers"]["post"]["responses"]["201"]


def field_of_a_row(spec):
    del spec["components"]["schemas"]["CustomerInBatch"]["properties"]["phone"]


def fewer_rows(spec):
    spec["components"]["schemas"]["BatchGiven"]["properties"]["customers"]["maxItems"] = 5


def shorter_pages(spec):
    (take,) = (
        one for one in spec["paths"]["/customers"]["get"]["parameters"] if one["name"] == "take"
    )
    take["schema"]["maximum"] = 5


def another_status(spec):
    answers = spec["paths"]["/customers/{id}"]["patch"]["responses"]
    answers["409"] = answers.pop("412")


def no_header(spec):
    del spec["paths"]["/customers/{id}"]["get"]["responses"]["200"]["headers"]["ETag"]


def another_name(spec):
    spec["paths"]["/changes"]["get"]["operationId"] = "followChanges"


@pytest.mark.parametrize(
    "harm",
    [
        without_field, field_left_out, another_type, may_be_null, needed_field, value_refused,
        null_refused, no_parameter, needed_parameter, no_call, no_status, another_name,
        field_of_a_row, fewer_rows, shorter_pages, another_status, no_header,
    ],
)  # fmt: skip
def test_what_breaks_a_client_is_found(harm):
    spec = deepcopy(published())
    harm(spec)
    assert len(breaks(published(), spec)) > 0


def test_what_is_added_breaks_nobody():
    spec = deepcopy(published())
    schemas = spec["components"]["schemas"]
    schemas["CustomerOut"]["properties"]["more"] = {"type": "string"}
    schemas["CustomerChanges"]["properties"]["more"] = {"type": "string"}
    schemas["Failure"]["properties"]["code"]["enum"].append("more")
    spec["paths"]["/customers"]["get"]["parameters"].append(
        {"name": "more", "in": "query", "schema": {"type": "string"}}
    )
    spec["paths"]["/more"] = {"get": deepcopy(spec["paths"]["/changes"]["get"])}
    assert breaks(published(), spec) == []


def test_pages_of_other_sites_may_read_it_and_nothing_else(stranger, shop):
    answer = stranger.get("openapi.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    again = stranger.get("openapi.json", If_None_Match=answer.headers["ETag"])
    assert (again.status, again.raw) == (304, b"")
    assert "Access-Control-Allow-Origin" not in shop.get("customers").headers


NAME = re.compile(r'components/schemas/(\w+)"')
BODIES = set(NAME.findall(json.dumps([call.get("requestBody") for call in CALLS])))
BODIES |= {part for body in BODIES for part in NAME.findall(json.dumps(SCHEMAS[body]))}


@pytest.mark.parametrize("name", sorted(BODIES))
def test_no_field_of_a_body_has_a_default(name):
    """A generated client would send it with every correction."""
    assert '"default"' not in json.dumps(SCHEMAS[name])


def test_what_a_program_branches_on_is_listed():
    told = {
        "Failure.code": SCHEMAS["Failure"]["properties"]["code"],
        "DecisionOut.matchedOn": SCHEMAS["DecisionOut"]["properties"]["matchedOn"]["items"],
        "DecisionOut.reasons": SCHEMAS["DecisionOut"]["properties"]["reasons"]["items"],
        "Answer": SCHEMAS["Answer"],
        "EntryState": SCHEMAS["EntryState"],
    }
    assert [name for name, schema in told.items() if len(schema["enum"]) < 3] == []


def test_each_call_has_a_name_for_generators():
    names = [call["operationId"] for call in CALLS]
    assert len(set(names)) == len(names)
    assert all(name.isalpha() and not name.lower().endswith("post") for name in names)


def test_each_call_is_described_for_people():
    for call in CALLS:
        assert call["tags"] and call["description"].count(".") >= 2, call["operationId"]
        parameters = [one["name"] for one in call["parameters"] if "example" not in one]
        assert parameters == [], call["operationId"]
        for status, answer in call["responses"].items():
            assert "RateLimit" in answer["headers"], (call["operationId"], status)

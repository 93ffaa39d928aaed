"""The OpenAPI description matches the API: it has every call, and every answer fits it."""

import json
import re

import pytest
from jsonschema_rs import validator_for

from tests.api.fuzz import fuzz
from tests.api.program import AMA
from tests.support.books import Book
from webapp.api.describing.routes import path_of
from webapp.api.refusals import BY_CODE
from webapp.settings import PROJECT


@pytest.fixture
def said(stranger):
    answer = stranger.get("openapi.json")
    assert answer.status == 200
    return answer.json


def test_it_has_every_route_of_the_door_and_no_other(site, said):
    described = {
        (method.upper(), f"/api/v1{path}")
        for path, methods in said["paths"].items()
        for method in methods
    }
    rules = [
        rule
        for rule in site.book.app.url_map.iter_rules()
        if rule.endpoint.startswith("api.") and rule.endpoint not in ("api.openapi", "api.docs")
    ]
    served = {
        (method, f"/api/v1{path_of(rule)}")
        for rule in rules
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert described == served


def test_each_error_has_an_example_and_each_example_agrees(said):
    found = {}
    for methods in said["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                examples = (
                    response.get("content", {}).get("application/json", {}).get("examples", {})
                )
                for code, example in examples.items():
                    assert example["value"]["statusCode"] == int(status) == BY_CODE[code].status
                    assert example["value"]["code"] == code
                    found[code] = example["value"]
    assert set(BY_CODE) - set(found) == {
        "bad_request",
        "not_found",
        "method_not_allowed",
    }, "those are no call's"


def test_each_call_has_an_example_that_fits_its_schema(said):
    schemas = json.dumps(said["components"]).replace("#/components/schemas", "#/$defs")
    definitions = json.loads(schemas)["schemas"]

    def fits(schema, example):
        schema = json.loads(json.dumps(schema).replace("#/components/schemas", "#/$defs"))
        validator_for(schema | {"$defs": definitions}).validate(example)

    for methods in said["paths"].values():
        for operation in methods.values():
            for schema, example in examples_of(operation):
                fits(schema, example)


def examples_of(operation):
    """Each example, of a body or an answer, with the schema that it must fit."""
    body = operation.get("requestBody")
    content = body["content"].get("application/json") if body else None
    if content:
        yield content["schema"], content["example"]
    for status, response in operation["responses"].items():
        content = response.get("content", {}).get("application/json")
        if content and int(status) < 300:
            yield content["schema"], content["example"]
        for example in (content or {}).get("examples", {}).values():
            yield content["schema"], example["value"]


def test_real_answers_fit_their_schemas_and_say_nothing_more(said, shop):
    customer = said["components"]["schemas"]["CustomerOut"]
    made = shop.create()
    assert set(made) == set(customer["required"])
    unsaid = {"dateOfBirth", "mergedFrom"}
    assert set(customer["properties"]) - set(made) == unsaid, "only where there is one"
    meta = shop.get("customers").data["meta"]
    described = said["components"]["schemas"]["Meta"]
    assert set(meta) == set(described["required"])
    assert set(described["properties"]) - set(meta) == {"itemCountCapped"}, "only of a search"
    failure = shop.post("customers", {}).json
    assert set(failure) <= set(said["components"]["schemas"]["Failure"]["properties"])
    assert AMA["email"] == made["email"]


def test_the_short_fuzz_finds_nothing(tmp_path, figure):
    book = Book(f"sqlite:///{tmp_path}/book.db", tmp_path)
    status, output = fuzz(book, tmp_path, examples=8)
    book.close()
    assert status == 0, output[-5_000:]
    figure("Schemathesis: " + re.search(r"\d[\d,]* generated, [^\n]*", output)[0])


def test_the_long_fuzz_has_a_target():
    assert "fuzz-api:" in (PROJECT / "Makefile").read_text()

"""The description of the API (OpenAPI 3.1), generated
from what the calls declare: their bodies, parameters and refusals.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Flask, current_app, request
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from webapp.api.describing.examples import SCHEMAS, example_of, failure_example, failure_response
from webapp.api.describing.headers import IDEMPOTENCY_KEY, IF_NONE_MATCH
from webapp.api.refusals import BY_CODE
from webapp.api.schemas import ApiResponse, CustomerOut, Failure, Success, Wire, success
from webapp.http.doors import needed_permission
from webapp.staff.permissions import SCOPES

View = TypeVar("View", bound=Callable[..., Any])
# Codes that any call with a key may answer with, and those of calls with a body.
ALWAYS = ("unauthenticated", "scope_missing", "too_many_requests", "unavailable")
WITH_BODY = (
    "malformed_json",
    "not_an_object",
    "invalid_details",
    "body_too_large",
    "unsupported_media_type",
)
ONCE = ("idempotency_in_progress", "idempotency_mismatch", "invalid_query")
BY_ID = {
    "name": "handle",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
    "description": "The id",
    "example": "0198f6a2-3c1e-7b54-9a3e-2f6f0c1d7e55",
}
ANY_HANDLE = BY_ID | {
    "description": "The id, the reference, or the e-mail address",
    "example": "CUS-7K3M9Q2XVB",
}
BY_REFERENCE = BY_ID | {"name": "reference", "description": "Yours", "example": "CUS-7K3M9Q2XVB"}
NUMBER = BY_ID | {
    "name": "number",
    "schema": {"type": "integer", "minimum": 1},
    "description": "The number of the entry in the customer's history, from 1",
    "example": 1,
}
SET_NUMBER = NUMBER | {"name": "seq", "description": "The number of the import or entry"}
ARGUMENT = re.compile(r"<[a-z_]+(?:\([^)]*\))?:([a-z_]+)>")


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a view declares about itself.

    Attributes:
        answer: The model of `data`, and `message` that of the answer; not of a file.
        media: The media type of a file, and `example` the beginning of one.
        takes: The media types of a file that is sent, in place of a body.
        also: Other statuses of success.
        refusals: Codes besides those that every call has.
        headers: Of the answer, besides those of every such answer.
    """

    summary: str
    answer: type[BaseModel] | None = None
    message: str = ""
    media: str = ""
    example: str = ""
    body: type[BaseModel] | None = None
    takes: tuple[str, ...] = ()
    status: int = 200
    also: tuple[int, ...] = ()
    refusals: tuple[str, ...] = ()
    parameters: tuple[dict[str, Any], ...] = field(default=())
    headers: dict[str, Any] = field(default_factory=dict)
    once: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        gone = ("customer_deleted",) if "customer_not_found" in self.refusals else ()
        return (
            *ALWAYS,
            *(WITH_BODY if self.body else ()),
            *(("body_too_large",) if self.takes else ()),
            *(ONCE if self.once else ()),
            *self.refusals,
            *gone,
        )


def described(call: Call) -> Callable[[View], View]:
    """Declare on a view what it takes and returns;
    the description is generated from that, and tests check the view against it.
    """

    def declare(view: View) -> View:
        view.call = call  # type: ignore[attr-defined]
        return view

    return declare


def present_call() -> Call:
    """What the view of the present request declares about itself."""
    view: Any = current_app.view_functions[request.endpoint or ""]
    call: Call = view.call
    return call


def succeeded(data: Wire) -> ApiResponse:
    """The answer to the present request, with the message and status that its view declares."""
    call = present_call()
    return success(call.message, data, status=call.status)


def description(server: str) -> dict[str, Any]:
    """The whole description.

    Args:
        server: Where this Gatebook is reached.
    """
    schemas = _schemas()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gatebook customers API",
            "version": "1",
            "description": "Create, look up, change and blacklist customers. "
            "JSON in UTF-8; branch on `code`.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": f"{server}/api/v1"}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key, gatebook_…"}
            },
        },
    }


def _schemas() -> dict[str, Any]:
    bodies = {call.body for _, _, call in calls(current_app) if call.body}
    answers = {call.answer for _, _, call in calls(current_app) if call.answer}
    answers.add(Failure)
    models: list[tuple[type[BaseModel], Any]] = [
        (model, "validation") for model in sorted(bodies, key=_name)
    ]
    models += [(model, "serialization") for model in sorted(answers, key=_name)]
    _, made = models_json_schema(models, ref_template=SCHEMAS + "{model}")
    schemas: dict[str, Any] = made["$defs"]
    return schemas


def _name(model: type[BaseModel]) -> str:
    return model.__name__


def calls(app: Flask) -> Iterator[tuple[Rule, str, Call]]:
    """Every described call, in the order of registration:
    its rule, its method, and its declaration.
    """
    for rule in app.url_map.iter_rules():
        call: Call | None = getattr(app.view_functions[rule.endpoint], "call", None)
        if call:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, call


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for rule, method, call in calls(current_app):
        paths.setdefault(path_of(rule), {})[method.lower()] = _operation(rule, method, call)
    return paths


def path_of(rule: Rule) -> str:
    """The path below `/api/v1`, with its argument in braces."""
    return ARGUMENT.sub(r"{\1}", rule.rule).removeprefix("/api/v1")


def _operation(rule: Rule, method: str, call: Call) -> dict[str, Any]:
    scope = SCOPES[needed_permission(current_app, rule.endpoint)].value
    parameters = [*_named(rule), *call.parameters, *([IDEMPOTENCY_KEY] if call.once else [])]
    operation: dict[str, Any] = {
        "operationId": f"{rule.endpoint.removeprefix('api.')}_{method.lower()}",
        "summary": call.summary,
        "description": f"Needs the scope `{scope}`.",
        "parameters": parameters,
        "responses": _responses(call),
    }
    if call.body:
        content = {
            "schema": {"$ref": SCHEMAS + call.body.__name__},
            "example": example_of(call.body),
        }
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    if call.takes:
        files = {media: {"schema": {"type": "string"}} for media in call.takes}
        operation["requestBody"] = {"required": True, "content": files}
    return operation


def _named(rule: Rule) -> list[dict[str, Any]]:
    """The path parameters: what names a customer, an entry, or a set of changes."""
    if rule.arguments == {"seq"}:
        return [SET_NUMBER]
    if "reference" in rule.arguments:
        return [BY_REFERENCE]
    named = ANY_HANDLE if "<any_handle:" in rule.rule else BY_ID
    numbers = [NUMBER] if "number" in rule.arguments else []
    return [named, *numbers] if rule.arguments else []


def _responses(call: Call) -> dict[str, Any]:
    responses: dict[str, Any] = {
        str(status): _success(call) for status in (call.status, *call.also)
    }
    if IF_NONE_MATCH in call.parameters:
        responses["304"] = {"description": "The customer has not changed"}
    for code in call.codes:
        kind = BY_CODE[code]
        response = responses.setdefault(str(kind.status), failure_response(kind.status))
        examples = response["content"]["application/json"]["examples"]
        examples[code] = {"value": failure_example(kind)}
    return dict(sorted(responses.items()))


def _success(call: Call) -> dict[str, Any]:
    if call.answer is None:
        content = {call.media: {"schema": {"type": "string"}, "example": call.example}}
        return {"description": call.summary, "content": content}
    data = {"$ref": SCHEMAS + call.answer.__name__}
    schema = {
        "type": "object",
        "required": ["status", "message", "data"],
        "properties": {"status": {"const": True}, "message": {"type": "string"}, "data": data}
        | EXTRAS,
        "additionalProperties": False,
    }
    example = Success[Any](message=call.message, data=example_of(call.answer)).model_dump(
        by_alias=True, mode="json", exclude=set(EXTRAS)
    )
    response: dict[str, Any] = {
        "description": call.summary,
        "content": {"application/json": {"schema": schema, "example": example}},
    }
    if call.answer is CustomerOut:
        etag = {"ETag": {"schema": {"type": "string"}, "description": "The version"}}
        response["headers"] = etag | call.headers
        if call.status == HTTPStatus.CREATED:
            response["links"] = {name: _link(name) for name in LINKED}
    return response


EXTRAS: dict[str, Any] = {
    "ignored": {
        "type": "array",
        "items": {"type": "string"},
        "description": "Fields of the body that mean nothing here",
    },
    "outcome": {"type": "string", "enum": ["created", "changed", "unchanged"]},
}
LINKED = ("change_customer_patch", "set_blacklist_post", "delete_customer_delete")


def _link(operation: str) -> dict[str, Any]:
    return {"operationId": operation, "parameters": {"handle": "$response.body#/data/id"}}

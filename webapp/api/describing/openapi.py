"""The description of the API (OpenAPI 3.1), generated from what the calls declare: their bodies,
parameters, refusals and headers.
"""

from http import HTTPStatus
from typing import Any

from flask import current_app
from pydantic.alias_generators import to_camel
from werkzeug.routing import Rule

from webapp.api.describing.call import Call, Tag
from webapp.api.describing.components import EXTRAS, name_of_answer, schemas
from webapp.api.describing.examples import SCHEMAS, example_of, failure_example, failure_response
from webapp.api.describing.headers import (
    ETAG,
    IDEMPOTENCY_KEY,
    IF_NONE_MATCH,
    LOCATION,
    OF_EVERY_ANSWER,
)
from webapp.api.describing.messages import webhooks
from webapp.api.describing.routes import calls, path_of
from webapp.api.refusals import BY_CODE
from webapp.api.wire.answers import Success
from webapp.api.wire.requests import MERGE_PATCH
from webapp.api.wire.schemas import CustomerOut
from webapp.http.doors import needed_permission
from webapp.staff.permissions import SCOPES

BY_ID = {
    "name": "id",
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
SET_NUMBER = NUMBER | {"name": "seq", "description": "The number of the import, entry or webhook"}
DELIVERY = NUMBER | {"name": "delivery", "description": "The number of the delivery"}
ABOUT = {
    Tag.CUSTOMERS: "Look up, add, change and delete customers",
    Tag.BLACKLIST: "Ask whether somebody may proceed, and say who may not",
    Tag.CHANGES: "Follow what happens, and prove what happened",
    Tag.WEBHOOKS: "Say where changes are sent as they happen",
    Tag.FILES: "Take many customers along, or bring them in",
}
# What somebody may do next with a customer who was added.
NEXT = ("changeCustomer", "setBlacklist", "deleteCustomer")


def description() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gatebook customers API",
            "version": "2",
            "description": "Create, look up, change and blacklist customers. JSON in UTF-8; branch "
            "on `code`. It is for programs on servers: browsers of other sites may read this "
            "description, and nothing else.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"key": []}],
        "tags": [{"name": tag.value, "description": about} for tag, about in ABOUT.items()],
        "paths": _paths(),
        "webhooks": webhooks(),
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key, gatebook_…"}
            },
        },
    }


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for rule, method, call in calls(current_app):
        paths.setdefault(path_of(rule), {})[method.lower()] = _operation(rule, method, call)
    return paths


def _operation(rule: Rule, method: str, call: Call) -> dict[str, Any]:
    scope = SCOPES.get(needed_permission(current_app, rule.endpoint))
    needed = f"Needs the scope `{scope.value}`." if scope else "Needs a key, of any scope."
    name = to_camel(rule.endpoint.removeprefix("api."))
    operation: dict[str, Any] = {
        "operationId": call.names.get(method, name),
        "tags": [call.tag.value],
        "summary": call.summary,
        "description": f"{call.why}\n\n{needed}",
        "parameters": [
            *_named(rule),
            *call.parameters,
            *([IDEMPOTENCY_KEY] if call.once else []),
        ],
        "responses": _responses(call),
    }
    if call.body:
        content = {
            "schema": {"$ref": SCHEMAS + call.body.__name__},
            "example": example_of(call.body),
        }
        media = ("application/json", *([MERGE_PATCH] if method == "PATCH" else ()))
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(media, content)}
    if call.takes:
        files = {media: {"schema": {"type": "string", "format": "binary"}} for media in call.takes}
        operation["requestBody"] = {"required": True, "content": files}
    return operation


def _named(rule: Rule) -> list[dict[str, Any]]:
    """The path parameters: what names a customer, an entry, or a set of changes."""
    if "seq" in rule.arguments:
        return [SET_NUMBER, *([DELIVERY] if "delivery" in rule.arguments else [])]
    if "reference" in rule.arguments:
        return [BY_REFERENCE]
    named = ANY_HANDLE if "<any_handle:" in rule.rule else BY_ID
    numbers = [NUMBER] if "number" in rule.arguments else []
    return [named, *numbers] if rule.arguments else []


def _responses(call: Call) -> dict[str, Any]:
    responses: dict[str, Any] = {
        str(status): _success(call, status) for status in (call.status, *call.also)
    }
    if IF_NONE_MATCH in call.parameters:
        responses["304"] = {
            "description": "The customer has not changed",
            "headers": OF_EVERY_ANSWER | ETAG,
        }
    for code in call.codes:
        kind = BY_CODE[code]
        response = responses.setdefault(str(kind.status), failure_response(kind.status))
        examples = response["content"]["application/json"]["examples"]
        examples[code] = {"value": failure_example(kind)}
    return dict(sorted(responses.items()))


def _success(call: Call, status: int) -> dict[str, Any]:
    headers = OF_EVERY_ANSWER | call.headers
    if call.answer is None:
        content = {call.media: {"schema": {"type": "string"}, "example": call.example}}
        return {"description": call.summary, "headers": headers, "content": content}
    example = Success[Any](message=call.message, data=example_of(call.answer)).model_dump(
        by_alias=True, mode="json", exclude=set(EXTRAS)
    )
    schema = {"$ref": SCHEMAS + name_of_answer(call)}
    response: dict[str, Any] = {
        "description": call.summary,
        "headers": headers,
        "content": {"application/json": {"schema": schema, "example": example}},
    }
    if call.answer is CustomerOut:
        response["headers"] = headers | ETAG
        if status == HTTPStatus.CREATED:
            response["headers"] |= LOCATION
            response["links"] = {name: _link(name) for name in NEXT}
    return response


def _link(operation: str) -> dict[str, Any]:
    return {"operationId": operation, "parameters": {"id": "$response.body#/data/id"}}

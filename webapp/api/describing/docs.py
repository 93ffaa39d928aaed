"""The OpenAPI description, and the same for people:
a page in our own style with an example of each call.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue

from webapp.api import api
from webapp.api.describing.examples import example_of
from webapp.api.describing.openapi import description
from webapp.api.describing.routes import calls, path_of
from webapp.api.refusals import MET
from webapp.http.doors import needed_permission, needs
from webapp.http.page import Layout, Page
from webapp.kernel.refusals import Refusal
from webapp.staff.permissions import SCOPES, Permission, Scope


@api.get("/v1/openapi.json")
@needs(Permission.ANYONE)
def openapi() -> Response:
    """For everybody, also for pages of other sites: tools that show or test an API read it."""
    response = Response(json.dumps(_spec()), mimetype="application/json")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response


def _spec() -> dict[str, Any]:
    """The description, made only once: routes do not change at run time."""
    cache = current_app.extensions
    if "api_description" not in cache:
        cache["api_description"] = description()
    spec: dict[str, Any] = cache["api_description"]
    return spec


@dataclass(frozen=True)
class CallView:
    """A call as the reference shows it.

    Attributes:
        name: The id of its section on the page.
        takes: The media type of a file that it takes; empty for none.
        body: An example of its body, as JSON; `None` if it has no body.
    """

    name: str
    method: str
    path: str
    why: str
    scope: str
    operation: dict[str, Any]
    body: str | None
    answer: str
    is_file: bool
    url: str
    takes: str


@dataclass(frozen=True, kw_only=True)
class ShowReference(Page):
    """The reference for programmers, signed in or not.

    Attributes:
        spec: The whole description, the same as `openapi.json`.
        address: Of the API, as the reader has reached this page.
        refusals: Every kind of refusal that a program may get.
    """

    template = "programs/api_docs.html"
    layout: Layout = Layout.BARE
    calls: Sequence[CallView]
    spec: dict[str, Any]
    address: str
    refusals: Sequence[type[Refusal]]
    scopes: Sequence[Scope]


@api.get("/docs")
@needs(Permission.ANYONE)
def docs() -> ResponseReturnValue:
    spec = _spec()
    return ShowReference(
        calls=_shown(spec),
        spec=spec,
        address=_base_address(spec),
        refusals=MET,
        scopes=tuple(Scope),
    )


def _shown(spec: dict[str, Any]) -> list[CallView]:
    shown = []
    for rule, method, call in calls(current_app):
        path = path_of(rule)
        operation = spec["paths"][path][method.lower()]
        named = [parameter for parameter in operation["parameters"] if parameter["in"] == "path"]
        (content,) = operation["responses"][str(call.status)]["content"].values()
        shown.append(
            CallView(
                name=operation["operationId"],
                method=method,
                path=path,
                why=call.why,
                scope=SCOPES.get(needed_permission(current_app, rule.endpoint), ""),
                operation=operation,
                body=json.dumps(example_of(call.body), ensure_ascii=False) if call.body else None,
                answer=_as_sent(content["example"]),
                is_file=bool(call.media),
                url=_base_address(spec) + _filled(path, named),
                takes=call.takes[0] if call.takes else "",
            )
        )
    return shown


def _base_address(spec: dict[str, Any]) -> str:
    """The address of the API, as the reader has reached this page."""
    return request.host_url.rstrip("/") + str(spec["servers"][0]["url"])


def _filled(path: str, named: Sequence[Mapping[str, Any]]) -> str:
    for parameter in named:
        path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
    return path


def _as_sent(example: Any) -> str:
    is_text = isinstance(example, str)
    return example if is_text else json.dumps(example, indent=2, ensure_ascii=False)

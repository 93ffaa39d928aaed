"""The described calls, and their addresses."""

import re
from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from webapp.api.describing.call import Call

ARGUMENT = re.compile(r"<[a-z_]+(?:\([^)]*\))?:([a-z_]+)>")


def calls(app: Flask) -> Iterator[tuple[Rule, str, Call]]:
    """Every described call, in the order of registration:
    its rule, its method, and its declaration.
    """
    for rule in app.url_map.iter_rules():
        call: Call | None = getattr(app.view_functions[rule.endpoint], "call", None)
        if call:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, call


def path_of(rule: Rule) -> str:
    """The path below `/api/v1`, with its argument in braces: `id` for whatever names a customer."""
    path = ARGUMENT.sub(r"{\1}", rule.rule).removeprefix("/api/v1")
    return path.replace("{handle}", "{id}")

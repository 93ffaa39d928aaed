"""Times of complete calls to the application: pages, look-ups, searches, and the
floors next to them.
"""

import sqlite3
import time
from collections.abc import Iterable
from typing import Any

import psycopg
from flask import Flask
from werkzeug.test import EnvironBuilder

from bench.books import forget_files
from bench.floors import CONSTANT, empty_app
from bench.inputs import Inputs
from bench.spread import Times, spread
from webapp.customers.models import Customer

INPUTS = 300
TYPED = 100
WARM_UP = 20
KEYSET = "SELECT * FROM customer WHERE created_at <= ? ORDER BY created_at DESC, seq DESC LIMIT 25"
Plan = tuple[Flask, list[str], dict[str, str]]


def pages(app: Flask, inputs: Inputs, secret: str, token: str) -> dict[str, Any]:
    """Times of complete WSGI calls by a signed-in member, and of the floors."""
    figures = {"floor: raw keyset": spread(keyset_times(app, inputs))}
    for name, (answering, addresses, headers) in plans_of(app, inputs, secret, token).items():
        if name == "search: cold":
            forget_files()
        elif name != "search: warm":
            calls(answering, addresses[:WARM_UP], headers)
        figures[name] = spread(calls(answering, addresses, headers))
    return figures


def plans_of(app: Flask, inputs: Inputs, secret: str, token: str) -> dict[str, Plan]:
    """Each plan by name: the application, the addresses and the headers."""
    cookie, key = {"Cookie": f"gatebook={token}"}, {"Authorization": f"Bearer {secret}"}
    found = inputs.searches(INPUTS, TYPED)
    return look_ups(app, inputs.people[:INPUTS], cookie, key) | {
        "floor: empty view": (empty_app(), ["/"] * INPUTS, {}),
        "floor: constant rows": (app, [CONSTANT] * INPUTS, cookie),
        "list: first page": (app, inputs.lists(INPUTS, first_page=True), cookie),
        "list: any page": (app, inputs.lists(INPUTS, first_page=False), cookie),
        "search: cold": (app, found, cookie),
        "search: warm": (app, found, cookie),
    }


def look_ups(
    app: Flask, people: list[Customer], cookie: dict[str, str], key: dict[str, str]
) -> dict[str, Plan]:
    return {
        "customer page": (app, [f"/customers/{one.id}" for one in people], cookie),
        "look up: id": (app, [f"/api/v1/customers/{one.id}" for one in people], key),
        "look up: reference": (app, [f"/api/v1/customers/{one.reference}" for one in people], key),
        "look up: e-mail": (app, [f"/api/v1/customers/{one.email}" for one in people], key),
    }


def screens(app: Flask, token: str) -> dict[str, Any]:
    """The other screens that read a lot, as a manager sees them: each also counts
    the cases that wait.
    """
    cookie, figures = {"Cookie": f"gatebook={token}"}, {}
    for address in ("/", "/review", "/review/list", "/review/lookalikes", "/blacklist"):
        calls(app, [address], cookie)
        figures[f"screen: {address}"] = spread(calls(app, [address] * 10, cookie))
    return figures


def calls(app: Flask, addresses: Iterable[str], headers: dict[str, str]) -> Times:
    """Milliseconds of each call, including its body; a search that was stopped
    (422) counts as answered.
    """
    return [call(app, address, headers) for address in addresses]


def call(app: Flask, address: str, headers: dict[str, str]) -> float:
    environ = EnvironBuilder(path=address, headers=headers).get_environ()
    statuses: list[str] = []
    begun = time.perf_counter()
    body = app(environ, lambda status, _: statuses.append(status))
    b"".join(body)
    body.close()
    took = (time.perf_counter() - begun) * 1_000
    if statuses[0][:3] not in ("200", "422"):
        raise RuntimeError(f"{address} answered {statuses[0]}")
    return took


def keyset_times(app: Flask, inputs: Inputs) -> Times:
    """Times of the bare query through the database's own driver."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"))
    else:
        connection = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
    query = KEYSET if url.startswith("sqlite") else KEYSET.replace("?", "%s")
    times = []
    for one in inputs.people[:INPUTS]:
        begun = time.perf_counter()
        connection.execute(query, (int(one.created_at.timestamp() * 1_000),)).fetchall()
        times.append((time.perf_counter() - begun) * 1_000)
    connection.close()
    return times

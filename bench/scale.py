"""`make bench` and `make bench-10m`: every figure of a large book beside floors of the same run,
and its growth.
"""

import argparse
import json
import multiprocessing
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event
from werkzeug.test import EnvironBuilder

from bench.floors import CONSTANT, app_of, empty_app
from bench.inputs import Inputs
from bench.traffic import traffic
from bench.upgrades import seconds_of_each
from tests.support import cast
from tests.support.books import KEYS
from tests.support.postgres import postgres_server
from webapp.blacklist import opening
from webapp.customers import edit, register
from webapp.history import changes
from webapp.kernel.database import db
from webapp.programs import api_keys
from webapp.settings import PROJECT
from webapp.staff.models import StaffMember

FOLDER = PROJECT / "build" / "bench"
INPUTS, TYPED, WRITES, WRITERS, WARM_UP = 300, 100, 300, 4, 20
KEYSET = "SELECT * FROM customer WHERE created_at <= ? ORDER BY created_at DESC, seq DESC LIMIT 25"
Times = list[float]
Plan = tuple[Flask, list[str], dict[str, str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="+", type=int, help="customers, the smallest first")
    parser.add_argument(
        "--requests",
        type=int,
        default=10_000,
        help="of the largest book, over which memory is watched",
    )
    parser.add_argument(
        "--postgresql",
        action="store_true",
        help="move each book to PostgreSQL and measure it there",
    )
    asked = parser.parse_args()
    results: dict[int, dict[str, Any]] = {}
    for size in asked.sizes:
        requests = asked.requests if size == asked.sizes[-1] else 1_000
        results[size] = (
            measured_on_postgresql(size, requests) if asked.postgresql else measured(size, requests)
        )
    machine = f"{platform.platform()}, {os.cpu_count()} cores, SQLite {sqlite3.sqlite_version}"
    report: dict[str, Any] = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": machine,
        "sizes": results,
    }
    if len(asked.sizes) > 1 and not asked.postgresql:
        report["growth"] = growth(asked.sizes[0], asked.sizes[-1])
    kind = "postgresql" if asked.postgresql else "scale"
    (FOLDER / f"{kind}-{asked.sizes[-1]}.json").write_text(json.dumps(report, indent=2))
    print_tables(results)
    for name, (small, large) in report.get("growth", {}).items():
        print(f"in turns, {name}: {small:.2f} and {large:.2f} ms, growth {large / small:.2f}")


def measured_on_postgresql(size: int, requests: int) -> dict[str, Any]:
    """The same of a book that is moved to a PostgreSQL of its own, with the settings of its
    package.
    """
    source, _ = book_of(size)
    with postgres_server(is_durable=True) as url:
        begun = time.monotonic()
        flask(source, "data", "copy", "--to", url)
        result = measured_at(url, size, time.monotonic() - begun, requests)
        result["check"]["seconds of each migration"] = seconds_of_each(url)
        return result


def measured(size: int, requests: int) -> dict[str, Any]:
    url, loaded = book_of(size)
    return measured_at(url, size, loaded, requests)


def measured_at(url: str, size: int, loaded: float, requests: int) -> dict[str, Any]:
    """All figures of the book at this address, in milliseconds where nothing else is said."""
    app, inputs, secret, tokens = signed_in(url, size)
    recall_files(url)
    figures = pages(app, inputs, secret, tokens["Esi"]) | screens(app, tokens["Ama"])
    recall_files(url)
    with app.app_context():
        figures |= {name: spread(times) for name, times in writes(inputs).items()}
    served = traffic(inputs, url, FOLDER / str(size) / "log", secret, tokens["Esi"], requests)
    refused = written_by_several(url)
    begun = time.monotonic()
    with app.app_context():
        faults = list(changes.faults())
    checked = {"faults": len(faults), "seconds": time.monotonic() - begun, "refused": refused}
    return {"load_seconds": loaded, "figures": figures, "served": served, "check": checked}


def signed_in(url: str, size: int) -> tuple[Flask, Inputs, str, dict[str, str]]:
    """The application on this book, inputs from it, the secret of a key, and the tokens of sessions
    by name.
    """
    app = app_of(url)
    with app.app_context():
        if not db.session.query(StaffMember).count():
            cast.hire()
        inputs = Inputs(app, seed=size)
        secret = api_keys.create_key(
            name="Bench", scopes=["read", "write"], by=cast.actor("Adwoa")
        )[1]
    return app, inputs, secret, {name: cast.session_token(app, name) for name in ("Esi", "Ama")}


def growth(smallest: int, largest: int) -> dict[str, tuple[float, float]]:
    """The median of both books, which are asked in turns: what slows the machine down slows down
    both.
    """
    sides = []
    for size in (smallest, largest):
        url = book_of(size)[0]
        recall_files(url)
        app, inputs, secret, tokens = signed_in(url, size)
        sides.append(plans_of(app, inputs, secret, tokens["Esi"]))
    found = {}
    for name in [name for name in sides[0] if not name.startswith("search")]:
        plans = [side[name] for side in sides]
        times: list[Times] = [[], []]
        for number, addresses in enumerate(zip(*(plan[1] for plan in plans), strict=False)):
            for taken, (app, _, headers), address in zip(times, plans, addresses, strict=True):
                took = call(app, address, headers)
                if number >= WARM_UP:
                    taken.append(took)
        found[name] = (spread(times[0])["p50"], spread(times[1])["p50"])
    return found


def book_of(size: int) -> tuple[str, float]:
    """The address of the book and the seconds that it took to load; a book that is there is used
    again.
    """
    folder = FOLDER / str(size)
    folder.mkdir(parents=True, exist_ok=True)
    url, told = f"sqlite:///{folder}/book.db", folder / "load.json"
    flask(url, "db", "upgrade")
    if not told.exists():
        begun = time.monotonic()
        flask(url, "sample-data", "--customers", str(size))
        told.write_text(json.dumps({"seconds": time.monotonic() - begun}))
    return url, json.loads(told.read_text())["seconds"]


def flask(url: str, *words: str) -> None:
    """Run a command on a book."""
    environment = os.environ | KEYS | {"GATEBOOK_DATABASE_URL": url}
    subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", *words],
        cwd=PROJECT,
        env=environment,
        check=True,
    )


def pages(app: Flask, inputs: Inputs, secret: str, token: str) -> dict[str, Any]:
    """Times of whole WSGI calls of somebody who is signed in, and of the floors."""
    figures = {"floor: raw keyset": spread(keyset_times(app, inputs))}
    for name, (answering, addresses, headers) in plans_of(app, inputs, secret, token).items():
        if name == "search: cold":
            forget_files()
        elif name != "search: warm":
            calls(answering, addresses[:WARM_UP], headers)
        figures[name] = spread(calls(answering, addresses, headers))
    return figures


def plans_of(app: Flask, inputs: Inputs, secret: str, token: str) -> dict[str, Plan]:
    """What is asked, by name: of which application, at which addresses, with which headers."""
    cookie, key = {"Cookie": f"gatebook={token}"}, {"Authorization": f"Bearer {secret}"}
    people = inputs.people[:INPUTS]
    found = inputs.searches(INPUTS, TYPED)
    return {
        "floor: empty view": (empty_app(), ["/"] * INPUTS, {}),
        "floor: constant rows": (app, [CONSTANT] * INPUTS, cookie),
        "list: first page": (app, inputs.lists(INPUTS, first_page=True), cookie),
        "list: any page": (app, inputs.lists(INPUTS, first_page=False), cookie),
        "customer page": (app, [f"/customers/{one.id}" for one in people], cookie),
        "look up: id": (app, [f"/api/v1/customers/{one.id}" for one in people], key),
        "look up: reference": (app, [f"/api/v1/customers/{one.reference}" for one in people], key),
        "look up: e-mail": (app, [f"/api/v1/customers/{one.email}" for one in people], key),
        "search: cold": (app, found, cookie),
        "search: warm": (app, found, cookie),
    }


def screens(app: Flask, token: str) -> dict[str, Any]:
    """The other screens that read much, by a manager, of whom each page counts what waits."""
    cookie, figures = {"Cookie": f"gatebook={token}"}, {}
    for address in ("/", "/review", "/review/list", "/review/lookalikes", "/blacklist"):
        calls(app, [address], cookie)
        figures[f"screen: {address}"] = spread(calls(app, [address] * 10, cookie))
    return figures


def calls(app: Flask, addresses: Iterable[str], headers: dict[str, str]) -> Times:
    """Milliseconds of each call, answer and all; a search that was stopped (422) counts as one that
    was answered.
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
    """Times of the bare query, by the engine's own driver."""
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


def forget_files() -> None:
    """Let the system forget what it has read, where it allows that."""
    with suppress(OSError):
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("3")


def recall_files(url: str) -> None:
    """Let the system read a book on SQLite once, so that what follows does not measure its disk.

    By another process: a file that this one opens and closes would take the locks of its
    connections along.
    """
    if url.startswith("sqlite"):
        subprocess.run(
            ["cat", url.removeprefix("sqlite:///")], stdout=subprocess.DEVNULL, check=True
        )


def writes(inputs: Inputs) -> dict[str, Times]:
    """Times of service calls as a whole, and of the statements and commits in them."""
    by, unique = cast.actor("Esi"), f"{time.time_ns():x}"
    ama = {"first_name": "Ama", "last_name": "Mensah", "country": "GH"}
    people = [one.id for one in inputs.people if not one.blacklisted][:WRITES]
    deeds: dict[str, Callable[[int], object]] = {
        "create": lambda n: register.register(ama | {"email": f"{unique}x{n}@example.com"}, by=by),
        "edit": lambda n: edit.change(people[n], {"last_name": f"Owusu{unique}{n}"}, by=by),
        "blacklist": lambda n: opening.open_case(people[n], reason="fraud", by=by),
    }
    found: dict[str, Times] = {}
    with database_times() as in_database:
        for name, deed in deeds.items():
            in_database.clear()
            found[f"write: {name}"] = timed(deed, min(WRITES, len(people)), in_database)
            found[f"database time: {name}"] = list(in_database)
    return found


def timed(deed: Callable[[int], object], number: int, in_database: Times) -> Times:
    times = []
    for n in range(number):
        in_database.append(0.0)
        begun = time.perf_counter()
        deed(n)
        times.append((time.perf_counter() - begun) * 1_000)
        db.session.rollback()
    return times


@contextmanager
def database_times() -> Iterator[Times]:
    """A list to whose last number every statement and commit adds its milliseconds."""
    times: Times = []
    begun = 0.0
    commit = db.engine.dialect.do_commit

    def begin(*_: object) -> None:
        nonlocal begun
        begun = time.perf_counter()

    def end(*_: object) -> None:
        if times:
            times[-1] += (time.perf_counter() - begun) * 1_000

    def timed_commit(connection: Any) -> None:
        begin()
        commit(connection)
        end()

    db.engine.dialect.do_commit = timed_commit
    listeners = {"before_cursor_execute": begin, "after_cursor_execute": end}
    for name, listener in listeners.items():
        event.listen(db.engine, name, listener)
    try:
        yield times
    finally:
        for name, listener in listeners.items():
            event.remove(db.engine, name, listener)
        db.engine.dialect.do_commit = commit


def written_by_several(url: str) -> int:
    """How many writes of four processes at once were refused or failed."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(WRITERS) as pool:
        return sum(pool.starmap(write_much, [(url, number) for number in range(WRITERS)]))


def write_much(url: str, number: int) -> int:
    random, failed = Random(f"{number} {time.time_ns()}"), 0
    with app_of(url).app_context():
        by = cast.actor("Esi")
        for turn in range(WRITES):
            email = f"w{number}x{turn}x{time.time_ns():x}@example.com"
            try:
                one = register.register(
                    {"first_name": "Esi", "last_name": "Sey", "email": email}, by=by
                )
                edit.change(one.id, {"last_name": f"Sey{turn}"}, by=by)
                if random.random() < 0.5:
                    case = opening.open_case(one.id, reason="fraud", by=by).case
                    opening.undo(one.id, case_seq=case.seq, by=by)
            except Exception as error:
                print(f"refused: {type(error).__name__} {error}", file=sys.stderr)
                failed += 1
    return failed


def spread(times: Times) -> dict[str, float]:
    ordered = sorted(times)
    cut = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    found = {
        name: ordered[min(len(ordered) - 1, int(len(ordered) * share))]
        for name, share in cut.items()
    }
    return found | {"max": ordered[-1], "inputs": len(ordered)}


def print_tables(results: dict[int, dict[str, Any]]) -> None:
    """The tables of the README, in Markdown."""
    smallest = next(iter(results.values()))["figures"]
    for size, result in results.items():
        figures = result["figures"]
        constant = figures["floor: constant rows"]["p50"]
        print(f"\n### {size:,} customers (loaded in {result['load_seconds']:,.0f} s)\n")
        print(
            "| | p50 ms | p95 ms | p99 ms | max ms | p50 / constant | p95 / constant | p50 growth |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for name, said in figures.items():
            values = " | ".join(f"{said[part]:.2f}" for part in ("p50", "p95", "p99", "max"))
            ratios = f"{said['p50'] / constant:.2f} | {said['p95'] / constant:.2f}"
            print(f"| {name} | {values} | {ratios} | {said['p50'] / smallest[name]['p50']:.2f} |")
        print(
            "\n"
            + "\n".join(
                f"- {name}: {value}"
                for name, value in {**result["served"], **result["check"]}.items()
            )
        )
    print(
        "\nmedian of the constant page over all sizes: "
        f"{statistics.median(constants(results)):.2f} ms"
    )


def constants(results: dict[int, dict[str, Any]]) -> Times:
    return [result["figures"]["floor: constant rows"]["p50"] for result in results.values()]


if __name__ == "__main__":
    main()

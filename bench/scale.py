"""`make bench` and `make bench-10m`: all figures of a large book, next to floors from the same run,
and how they grow with the size of the book.
"""

import argparse
import json
import os
import platform
import sqlite3
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from bench.books import FOLDER, book_of, flask, recall_files
from bench.calls import WARM_UP, Plan, call, pages, plans_of, screens
from bench.floors import app_of
from bench.inputs import Inputs
from bench.spread import Times, spread
from bench.tables import print_tables
from bench.traffic import traffic
from bench.upgrades import seconds_of_each
from bench.writes import writes, written_by_several
from tests.support import cast
from tests.support.postgres import postgres_server
from webapp.history import changes
from webapp.kernel.database import db
from webapp.programs import api_keys
from webapp.staff import members
from webapp.staff.models import StaffMember


def main() -> None:
    asked = arguments()
    results: dict[int, dict[str, Any]] = {}
    for size in asked.sizes:
        requests = asked.requests if size == asked.sizes[-1] else 1_000
        results[size] = (
            measured_on_postgresql(size, requests) if asked.postgresql else measured(size, requests)
        )
    report = about_this_run() | {"sizes": results}
    if len(asked.sizes) > 1 and not asked.postgresql:
        report["growth"] = growth(asked.sizes[0], asked.sizes[-1])
    kind = "postgresql" if asked.postgresql else "scale"
    (FOLDER / f"{kind}-{asked.sizes[-1]}.json").write_text(json.dumps(report, indent=2))
    print_tables(results)
    for name, (small, large) in report.get("growth", {}).items():
        print(f"in turns, {name}: {small:.2f} and {large:.2f} ms, growth {large / small:.2f}")


def about_this_run() -> dict[str, Any]:
    machine = f"{platform.platform()}, {os.cpu_count()} cores, SQLite {sqlite3.sqlite_version}"
    return {"date": datetime.now(UTC).date().isoformat(), "machine": machine}


def arguments() -> argparse.Namespace:
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
    return parser.parse_args()


def measured_on_postgresql(size: int, requests: int) -> dict[str, Any]:
    """The same for a copy of the book on a PostgreSQL server of its own, with the
    package's default settings.
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
    """All figures of the book at this URL, in milliseconds unless stated otherwise."""
    app, inputs, secret, tokens = signed_in(url, size)
    recall_files(url)
    figures = pages(app, inputs, secret, tokens["Esi"]) | screens(app, tokens["Ama"])
    recall_files(url)
    with app.app_context():
        figures |= {name: spread(times) for name, times in writes(inputs).items()}
    served = traffic(inputs, url, FOLDER / str(size) / "log", secret, tokens["Esi"], requests)
    check = {"refused": written_by_several(url)} | faults_of(app)
    return {"load_seconds": loaded, "figures": figures, "served": served, "check": check}


def faults_of(app: Flask) -> dict[str, float]:
    """How many faults the application finds in its projections, and how long the check takes."""
    begun = time.monotonic()
    with app.app_context():
        faults = list(changes.faults())
    return {"faults": len(faults), "seconds": time.monotonic() - begun}


def signed_in(url: str, size: int) -> tuple[Flask, Inputs, str, dict[str, str]]:
    """The application on this book, inputs from it, an API key's secret, and
    session tokens by name.
    """
    app = app_of(url)
    with app.app_context():
        if not db.session.query(StaffMember).count():
            hire()
        inputs = Inputs(app, seed=size)
        secret = api_keys.create_key(
            name=f"Bench {time.time_ns()}",
            scopes=["read", "write", "check"],
            by=cast.actor("Adwoa"),
        )[1]
    return app, inputs, secret, {name: cast.session_token(app, name) for name in ("Esi", "Ama")}


def hire() -> None:
    """Members with a history, so that the book can be proved."""
    for name, role in cast.ROLES.items():
        email = f"{name.lower()}@example.com"
        members.add_member(
            email=email, name=name, role=role, password=cast.PASSWORD, by=cast.SOMEBODY
        )


def growth(smallest: int, largest: int) -> dict[str, tuple[float, float]]:
    """The median times of both books, called alternately so that a slow moment of
    the machine affects both.
    """
    sides = []
    for size in (smallest, largest):
        url = book_of(size)[0]
        recall_files(url)
        app, inputs, secret, tokens = signed_in(url, size)
        sides.append(plans_of(app, inputs, secret, tokens["Esi"]))
    names = [name for name in sides[0] if not name.startswith("search")]
    return {name: in_turns([side[name] for side in sides]) for name in names}


def in_turns(plans: list[Plan]) -> tuple[float, float]:
    """The medians of two plans whose calls alternate."""
    times: list[Times] = [[], []]
    for number, addresses in enumerate(zip(*(plan[1] for plan in plans), strict=False)):
        for taken, (app, _, headers), address in zip(times, plans, addresses, strict=True):
            took = call(app, address, headers)
            if number >= WARM_UP:
                taken.append(took)
    return spread(times[0])["p50"], spread(times[1])["p50"]


if __name__ == "__main__":
    main()

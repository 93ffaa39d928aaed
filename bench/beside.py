"""`make bench-beside`: Gatebook beside a constant table, Flask-Admin, FastAPI with SQLAlchemy and
Django REST framework, each with the same million customers, call by call in turns.
"""

import os
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import psutil

from bench.books import FOLDER, WITHOUT_LIMITS, book_of, recall_files
from bench.inputs import Inputs
from bench.load import CLIENTS, rate, request
from bench.peers.book import SECRET, peer_book
from bench.peers.clients import AdminDesk, Client, Desk, new_customer, program
from bench.report import write_section
from bench.scale import signed_in
from bench.servers import GUNICORN, served
from tests.support.server import running_server

ROUNDS, SECONDS, TURNS = 200, 3.0, 3
Calls = dict[str, Callable[[], float]]
SERVERS = {
    "bare": (*GUNICORN, "bench.bare:app"),
    "flask-admin": (*GUNICORN, "bench.peers.with_flask_admin:app"),
    "drf": (*GUNICORN, "bench.peers.with_drf:app"),
    "fastapi": ("-m", "bench.peers.with_fastapi"),
}


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    url, _ = book_of(size)
    recall_files(url)
    _, inputs, secret, tokens = signed_in(url, size)
    ids = [str(one.id) for one in inputs.people]
    with ExitStack() as stack:
        log = FOLDER / str(size) / "log"
        address = stack.enter_context(running_server(url, log, **WITHOUT_LIMITS))
        ports = {"gatebook": urlsplit(address).port or 0}
        peers = peer_book(size)
        databases = {"PEERS_DATABASE": str(peers), "BARE_DATABASE": f"{peers}.bare"}
        for name, words in SERVERS.items():
            ports[name] = stack.enter_context(served(*words, **databases))
        rows = [*one_at_a_time(ports, tokens["Esi"], secret, inputs, ids)]
        rows += ["", *four_at_once(ports, tokens["Esi"], secret, inputs, ids)]
    table = "\n".join(rows)
    print(table)
    write_section("make bench-beside", table)


def one_at_a_time(ports, token, secret, inputs, ids) -> Iterator[str]:
    """Milliseconds of each call on a kept connection, all in turns."""
    times = in_turns(calls(ports, token, secret, inputs, ids))
    constant = statistics.median(times["constant table"])
    yield "| One request at a time, ms | p50 | p95 | p50 of the constant table |"
    yield "|---|---|---|---|"
    for name, taken in times.items():
        p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[18]
        yield f"| {name} | {p50 * 1e3:.2f} | {p95 * 1e3:.2f} | {p50 / constant:.2f} |"


def in_turns(plan: Calls) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in plan}
    for turn in range(ROUNDS + 10):
        for name, call in plan.items():
            taken = call()
            if turn >= 10:
                times[name].append(taken)
    return times


def calls(ports, token, secret, inputs, ids) -> Calls:
    bare = Client(ports["bare"])
    return (
        {"constant table": lambda: got(bare, "/table")}
        | page_calls(ports["gatebook"], token, inputs, ids)
        | admin_calls(ports["flask-admin"], inputs)
        | api_calls(ports, secret, ids)
    )


def got(client: Client, path: str) -> float:
    return client.ask("GET", path).expect(200).seconds


def page_calls(port: int, token: str, inputs: Inputs, ids: list[str]) -> Calls:
    desk, forms = (Client(port, Cookie=f"gatebook={token}") for _ in range(2))
    some, writer = iter(ids * 10), Desk(forms)
    first = iter(inputs.lists(ROUNDS, first_page=True) * 2)
    any_page = iter(inputs.lists(ROUNDS, first_page=False) * 2)
    saving, adding = writer.save(f"/customers/{ids[0]}"), writer.add()
    return {
        "list, first page": lambda: got(desk, "/customers"),
        "list, any order and filters": lambda: got(desk, next(first)),
        "list, any page": lambda: got(desk, next(any_page)),
        "list by name": lambda: got(desk, "/customers?sort=name"),
        "customer page": lambda: got(desk, f"/customers/{next(some)}"),
        "save": lambda: next(saving),
        "create": lambda: next(adding),
    }


def admin_calls(port: int, inputs: Inputs) -> Calls:
    admin, seqs = AdminDesk(port), iter([one.seq for one in inputs.people] * 10)
    saving, adding = admin.save(inputs.people[0].seq), admin.add()
    edit = "/admin/customer/edit/?id="
    return {
        "Flask-Admin: list": lambda: got(admin.client, "/admin/customer/"),
        "Flask-Admin: list by name": lambda: got(admin.client, "/admin/customer/?sort=0"),
        "Flask-Admin: edit page": lambda: got(admin.client, f"{edit}{next(seqs)}"),
        "Flask-Admin: save": lambda: next(saving),
        "Flask-Admin: create": lambda: next(adding),
    }


def api_calls(ports, secret, ids) -> Calls:
    ours, bare = program(ports["gatebook"], secret), Client(ports["bare"])
    stranger = program(ports["gatebook"], "gatebook_nobody")
    fast, drf = program(ports["fastapi"], SECRET), program(ports["drf"], SECRET)
    some = iter(ids * 10)
    compact = iter([one.replace("-", "") for one in ids] * 10)

    def made(client: Client, path: str) -> float:
        answer = client.ask("POST", path, new_customer(), "application/json")
        return answer.expect(200, 201).seconds

    return {
        "bare view: read": lambda: bare.ask("GET", f"/bare/{next(some)}").expect(200).seconds,
        "API: read": lambda: ours.ask("GET", f"/api/v1/customers/{next(some)}").expect(200).seconds,
        "API: refused": lambda: stranger.ask("GET", "/api/v1/customers/1").expect(401, 429).seconds,
        "FastAPI: read": lambda: fast.ask("GET", f"/customers/{next(compact)}").expect(200).seconds,
        "DRF: read": lambda: drf.ask("GET", f"/customers/{next(compact)}").expect(200).seconds,
        "bare durable insert": lambda: made(bare, "/insert"),
        "API: create": lambda: made(ours, "/api/v1/customers"),
        "FastAPI: create": lambda: made(fast, "/customers"),
        "DRF: create": lambda: made(drf, "/customers"),
    }


def four_at_once(ports, token, secret, inputs, ids) -> Iterator[str]:
    """Requests a second of four kept connections at two workers, and how busy the cores were."""
    cookie, key = {"Cookie": f"gatebook={token}"}, {"Authorization": f"Bearer {secret}"}
    admin = AdminDesk(ports["flask-admin"]).client.headers
    compact = [one.replace("-", "") for one in ids]
    plans = {
        "constant table": ("bare", ["/table"], {}),
        "list, any page": ("gatebook", inputs.lists(200, first_page=False), cookie),
        "customer page": ("gatebook", [f"/customers/{one}" for one in ids], cookie),
        "Flask-Admin: list": ("flask-admin", ["/admin/customer/"], admin),
        "Flask-Admin: edit page": (
            "flask-admin",
            [f"/admin/customer/edit/?id={one.seq}" for one in inputs.people],
            admin,
        ),
        "bare view: read": ("bare", [f"/bare/{one}" for one in ids], {}),
        "API: read": ("gatebook", [f"/api/v1/customers/{one}" for one in ids], key),
        "FastAPI: read": (
            "fastapi",
            [f"/customers/{one}" for one in compact],
            {"Authorization": f"Bearer {SECRET}"},
        ),
        "DRF: read": (
            "drf",
            [f"/customers/{one}" for one in compact],
            {"Authorization": f"Bearer {SECRET}"},
        ),
    }
    yield f"| {CLIENTS} connections | requests/s | cores busy |"
    yield "|---|---|---|"
    for name, (server, paths, headers) in plans.items():
        rates, busy = [], []
        for turn in range(TURNS + 1):
            before = psutil.cpu_times()
            found = rate(ports[server], gets(paths, ports[server], headers), SECONDS)
            if turn:
                rates.append(found)
                busy.append(cores_between(before, psutil.cpu_times()))
        yield f"| {name} | {statistics.median(rates):,.0f} | {statistics.median(busy):.2f} |"


def gets(paths: list[str], port: int, headers: dict[str, str]):
    def requests(number: int) -> Iterator[bytes]:
        place = number * 7
        while True:
            place += 1
            yield request("GET", paths[place % len(paths)], port, headers=headers)

    return requests


def cores_between(before, after) -> float:
    spent = [b - a for a, b in zip(before, after, strict=True)]
    idle = (after.idle - before.idle) + (after.iowait - before.iowait)
    total = sum(spent) - (after.guest - before.guest) - (after.guest_nice - before.guest_nice)
    return (os.cpu_count() or 1) * (1 - idle / total)


if __name__ == "__main__":
    main()

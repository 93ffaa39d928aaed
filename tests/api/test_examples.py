"""The programs of docs/examples do what they say, against the shipped server and its worker."""

import os
import random
import shutil
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.api.program import AMA
from tests.support.cast import actor
from tests.support.server import free_port
from tests.support.serving import serve as serve_all
from tests.support.waiting import wait_until
from webapp.programs.webhooks import deliveries, endpoints
from webapp.settings import PROJECT

EXAMPLES = PROJECT / "docs" / "examples"


@pytest.fixture
def run(site, tmp_path):
    """`run("checkout.py", "kofi@example.com", scopes=("check",))` is what it prints."""

    def start(name, *words, scopes):
        key = site.key(f"{name} {random.random()}", scopes=scopes)
        own = {"API_URL": f"{site.address}/api/v1", "API_KEY": key}
        command = [sys.executable, EXAMPLES / name, *words]
        return subprocess.run(
            command, env=os.environ | own, cwd=tmp_path, capture_output=True, text=True, check=False
        )

    return start


def test_the_checkout_pays_holds_and_refuses(site, program, run):
    shop = program()
    customer = shop.post("customers", AMA).data["id"]
    assert run("checkout.py", AMA["email"], scopes=("check",)).stdout == "pay\n"
    shop.post(f"customers/blacklist/{customer}", {"blacklist": True, "reason": "fraud"})
    assert run("checkout.py", AMA["email"], scopes=("check",)).stdout == "refuse\n"
    assert run("checkout.py", AMA["email"], scopes=("read",)).stdout == "hold\n"


def test_the_sync_can_be_run_again(program, run, tmp_path):
    file = tmp_path / "people.csv"
    lines = [f"S-{n},s{n}@example.com,N{n},,+23320123{n:04}," for n in range(600)]
    head = "reference,email,firstName,lastName,phone,countryCode\n"
    file.write_text(head + "\n".join([*lines, "S-bad,no address,,,,"]))
    first = run("nightly_sync.py", str(file), scopes=("write",))
    assert first.stdout == "{'created': 600, 'refused': 1}\n", first.stderr
    assert "S-bad invalid_details" in first.stderr
    file.write_text(head + "\n".join([*lines[:-1], "S-599,s599@example.com,Other,,,"]))
    again = run("nightly_sync.py", str(file), scopes=("write",))
    assert (again.stdout, again.returncode) == ("{'unchanged': 599, 'changed': 1}\n", 0)
    assert program("read").get("customers?take=1").json["data"]["meta"]["itemCount"] == 600


@contextmanager
def receiver(command, secret, folder):
    """An example at work; yields its address and the lines that it printed."""
    port, log = free_port(), folder / "printed"
    own = {"WEBHOOK_SECRET": secret, "WEBHOOK_STORE": str(folder / "store.db")}
    with log.open("w") as printed:
        process = subprocess.Popen(
            [*command, str(port)], env=os.environ | own, cwd=folder, stdout=printed
        )
    try:
        yield f"http://127.0.0.1:{port}/", lambda: log.read_text().splitlines()
    finally:
        process.kill()
        process.wait()


def with_node(folder):
    """The command of the example for Node, with the library that it needs."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("there is no Node.js")
    shutil.copy(EXAMPLES / "receive.mjs", folder)
    words = ["npm", "install", "--silent", "--no-audit", "--no-fund", "standardwebhooks@1.1.0"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"npm cannot fetch the library: {done.stderr[-200:]}")
    return ["node", "receive.mjs"]


@pytest.fixture(params=["python", "node"])
def running(request, tmp_path):
    """`running(secret)` is one of the receivers, at work."""
    python = [sys.executable, EXAMPLES / "receive.py"]
    command = python if request.param == "python" else with_node(tmp_path)
    return lambda secret: receiver(command, secret, tmp_path)


@pytest.mark.only_on("sqlite")
def test_a_receiver_takes_each_message_once(site, program, running):
    with site.book.app.app_context():
        adwoa, raw = actor("Adwoa"), {"url": "http://127.0.0.1:1/"}
        hook, secret = endpoints.add_endpoint(raw, by=adwoa, loopback=True)
        with running(secret) as (address, printed):
            raw = {"url": address}
            endpoints.change_endpoint(hook.id, raw, by=adwoa, loopback=True)
            customer = program("write").post("customers", AMA).data["id"]
            wait_for_delivery(hook)
            deliveries.send_again(hook.id, serve(hook.id)[0].seq)
            wait_for_delivery(hook)
            assert printed() == [f"customer.created {customer}"]
            endpoints.roll_secret(hook.id, by=adwoa)
            deliveries.send_test(hook.id)
            wait_for_delivery(hook)
            assert len(printed()) == 2, "the old secret signs too"


def wait_for_delivery(hook):
    wait_until(lambda: serve(hook.id)[0].state == "delivered", seconds=30)


def serve(hook):
    """Send what waits, now; what was sent, the newest first."""
    for row in deliveries.deliveries(hook, limit=9):
        if row.next_at and row.attempts:
            deliveries.send_again(hook, row.seq)
    serve_all()
    return deliveries.deliveries(hook, limit=9)

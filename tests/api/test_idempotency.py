"""Retries are safe: whatever is lost on the way, a call with an `Idempotency-Key`
is carried out once.
"""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select, text, update

from tests.api.program import AMA, Program
from tests.support.proofs import rounds
from webapp.customers.models import Customer
from webapp.history.entries import HistoryEntry
from webapp.kernel import clock
from webapp.kernel.database import db, writing
from webapp.programs.idempotency import IdempotencyRecord

CREATES = rounds(250, 1_000)
WORKERS = 4


def count(site, model=Customer):
    with site.book.app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def test_the_first_answer_is_told_again(site, shop):
    first = shop.post("customers", AMA, Idempotency_Key="one")
    again = shop.post("customers", AMA, Idempotency_Key="one")
    assert (again.status, again.raw, again.headers["ETag"]) == (
        201,
        first.raw,
        first.headers["ETag"],
    )
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert count(site) == 1


CALLS = [
    ("PATCH", "customers/{id}", {"firstName": "Abena"}),
    ("PUT", "customers/{id}", {"lastName": "Owusu"}),
    ("POST", "customers/blacklist/{id}", {"blacklist": True, "reason": "fraud"}),
    ("POST", "customers/blacklist/{id}", {"blacklist": False}),
    ("DELETE", "customers/{id}", None),
]


def test_every_call_that_changes_something_can_be_repeated(site, shop):
    customer_id = shop.create()["id"]
    for number, (method, path, body) in enumerate(CALLS):
        key = f"call-{number}"
        address = path.format(id=customer_id)
        first, again = (shop.call(method, address, body, Idempotency_Key=key) for _ in range(2))
        assert (first.status, again.status) == (200, 200), first.raw
        assert method == "DELETE" or first.raw == again.raw
        assert again.headers["Idempotent-Replayed"] == "true"
    assert count(site, HistoryEntry) >= 6


def test_422_when_the_key_comes_with_another_call(shop):
    customer = shop.post("customers", AMA, Idempotency_Key="one").data
    for method, path, body in (
        ("POST", "customers", AMA | {"firstName": "Abena"}),
        ("PATCH", f"customers/{customer['id']}", AMA),
    ):
        answer = shop.call(method, path, body, Idempotency_Key="one")
        assert (answer.status, answer.code) == (422, "idempotency_mismatch")


def test_keys_of_different_programs_do_not_meet(program):
    one, other = program(name="One"), program(name="Other")
    one.post("customers", AMA, Idempotency_Key="same")
    answer = other.post("customers", AMA | {"email": "b@example.com"}, Idempotency_Key="same")
    assert answer.status == 201


def test_an_answer_is_kept_for_a_day(site, shop):
    shop.post("customers", AMA, Idempotency_Key="one")
    with site.book.app.app_context(), writing():
        db.session.execute(update(IdempotencyRecord).values(at=clock.now() - timedelta(hours=24)))
    answer = shop.post("customers", AMA, Idempotency_Key="one")
    assert (answer.status, answer.code) == (400, "email_taken")


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there"])
def test_a_key_must_be_one(shop, key):
    answer = shop.post("customers", AMA, Idempotency_Key=key)
    assert answer.code == "invalid_query"


def test_kept_answers_are_not_readable_and_go_with_the_customer(site, shop):
    customer = shop.post("customers", AMA, Idempotency_Key="one").data
    with site.book.app.app_context():
        kept = db.session.scalars(select(IdempotencyRecord)).one()
        assert "example.com" not in kept.answer
        assert kept.customer_seq
    one = f"customers/{customer['id']}"
    outdated = shop.call("PATCH", one, {"firstName": "A"}, If_Match='"9"', Idempotency_Key="two")
    assert (outdated.status, outdated.json["data"]) == (412, customer)
    assert count(site, IdempotencyRecord) == 1, "a refusal is not kept"
    shop.call("DELETE", one)
    assert count(site, IdempotencyRecord) == 0


def test_the_same_call_while_it_is_at_work(site, shop):
    """409 on PostgreSQL. SQLite has one writer at a time, so the call waits for the first and gets
    the same answer.
    """
    shop.post("customers", AMA, Idempotency_Key="one")
    (waits_for_the_first if site.book.kind == "sqlite" else is_refused)(site, shop)


def waits_for_the_first(site, shop):
    with ThreadPoolExecutor(1) as pool, site.book.app.app_context():
        with writing():
            waiting = pool.submit(shop.post, "customers", AMA, Idempotency_Key="one")
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)
        assert waiting.result(timeout=30).headers["Idempotent-Replayed"] == "true"


def is_refused(site, shop):
    with site.book.app.app_context():
        mark = db.session.scalars(select(IdempotencyRecord.mark)).one()
        number = int.from_bytes(mark[:8], signed=True)
        db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
        answer = shop.post("customers", AMA, Idempotency_Key="one")
        assert (answer.status, answer.code) == (409, "idempotency_in_progress")
        db.session.rollback()
    assert shop.post("customers", AMA, Idempotency_Key="one").status == 201


def test_the_same_call_at_the_same_instant_is_carried_out_once(site):
    secret, barrier = site.key(), Barrier(WORKERS, timeout=60)

    def create(_):
        program = Program(site.address, secret)
        statuses = []
        for number in range(25):
            barrier.wait()
            answer = program.post(
                "customers", AMA | {"email": f"a{number}@example.com"}, Idempotency_Key=f"n{number}"
            )
            statuses.append(answer.status)
        program.close()
        return statuses

    with ThreadPoolExecutor(WORKERS) as pool:
        statuses = [status for found in pool.map(create, range(WORKERS)) for status in found]
    assert count(site) == 25
    assert set(statuses) <= ({201} if site.book.kind == "sqlite" else {201, 409})


class CuttingProxy:
    """Forwards a request, waits until the server has begun to answer, and hangs up on
    the client.
    """

    def __init__(self, address):
        parts = urlsplit(address)
        self.target = (parts.hostname, parts.port)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._cut, args=(client,), daemon=True).start()

    def _cut(self, client):
        with client:
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(65536)
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            while len(head.split(b"\r\n\r\n", 1)[1]) < length:
                head += client.recv(65536)
            while self._answer_to(head).startswith(b"HTTP/1.1 503"):
                pass  # too many writers on a slow machine: nothing was written

    def _answer_to(self, request):
        with socket.create_connection(self.target) as server:
            server.sendall(request)
            return server.recv(12)

    def close(self):
        self.listener.close()


def test_creates_whose_answers_are_cut_off_are_as_many_customers(site, figure):
    secret, proxy = site.key(), CuttingProxy(site.address)

    def create(number):
        body, key = AMA | {"email": f"a{number}@example.com"}, f"create-{number}"
        return lose_and_repeat(
            Program(proxy.address, secret), Program(site.address, secret), body, key
        )

    with ThreadPoolExecutor(WORKERS) as pool:
        told = list(pool.map(create, range(CREATES)))
    proxy.close()
    assert {answer.status for answers in told for answer in answers} == {201}
    assert all(
        answer.headers.get("Idempotent-Replayed") == "true"
        for answers in told
        for answer in answers
    )
    assert all(first.raw == second.raw for first, second in told)
    assert len({answers[0].data["id"] for answers in told}) == count(site) == CREATES
    figure(
        f"{CREATES} creates with the answer cut off, repeated, on {site.book.kind}: "
        f"{CREATES} customers, same answers"
    )


def lose_and_repeat(lost, program, body, key):
    """Send a call and lose the answer; returns the answers to the second and third attempt."""
    with pytest.raises(OSError, match=r"."):
        lost.post("customers", body, Idempotency_Key=key)
    lost.close()
    answers = [program.post("customers", body, Idempotency_Key=key) for _ in range(2)]
    program.close()
    return answers

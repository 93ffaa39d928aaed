"""Clients that cost little: each is a process with one connection, raw bytes out, raw bytes in."""

import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator

CLIENTS = 4


def request(method: str, path: str, port: int, *, headers: dict[str, str], body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(connection: socket.socket, asked: bytes) -> int:
    """Send one request and take in the whole answer; its status."""
    connection.sendall(asked)
    answer = connection.recv(65536)
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, body = answer.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head[9:12])


def _client(port: int, requests: Callable[[int], Iterator[bytes]], number: int, seconds: float, counts) -> None:
    count, statuses = 0, set()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        end = time.perf_counter() + seconds
        for asked in requests(number):
            statuses.add(ask(connection, asked))
            count += 1
            if time.perf_counter() >= end:
                break
    counts.put((count, statuses))


def rate(port: int, requests: Callable[[int], Iterator[bytes]], seconds: float) -> float:
    """Requests per second of all clients together.

    Args:
        requests: Makes the endless requests of a client, by its number.

    Raises:
        RuntimeError: an answer was not 200 or 201.
    """
    context = multiprocessing.get_context("fork")
    counts = context.Queue()
    clients = [context.Process(target=_client, args=(port, requests, n, seconds, counts)) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    results = [counts.get() for _ in clients]
    for client in clients:
        client.join()
    if any(statuses - {200, 201} for _, statuses in results):
        raise RuntimeError(f"unexpected answers: {[statuses for _, statuses in results]}")
    return sum(count for count, _ in results) / seconds

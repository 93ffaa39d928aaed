"""Cheap clients: each is a process with one connection that sends and receives raw bytes."""

import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator

CLIENTS = 4


def request(
    method: str, path: str, port: int, *, headers: dict[str, str], body: bytes = b""
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def ask(connection: socket.socket, asked: bytes) -> int:
    """Send one request and read the whole response; returns its status."""
    connection.sendall(asked)
    answer = connection.recv(65536)
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, body = answer.split(b"\r\n\r\n", 1)
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head[9:12])


def _client(
    port: int, requests: Callable[[int], Iterator[bytes]], number: int, seconds: float, counts
) -> None:
    count, statuses = 0, set()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        end = time.perf_counter() + seconds
        for asked in requests(number):
            statuses.add(ask(connection, asked))
            count += 1
            if time.perf_counter() >= end:
                break
    counts.put((count, statuses))


Requests = Callable[[int], Iterator[bytes]]


def answers(port: int, groups: list[tuple[Requests, int]], seconds: float) -> list[list[float]]:
    """Seconds that each response took, by group; a group is its requests and a
    number of concurrent clients.

    Raises:
        RuntimeError: an answer was not 200 or 201.
    """
    context = multiprocessing.get_context("fork")
    queues = [context.Queue() for _ in groups]
    clients = [
        context.Process(target=_timing_client, args=(port, requests, number, seconds, queue))
        for (requests, number_of_clients), queue in zip(groups, queues, strict=True)
        for number in range(number_of_clients)
    ]
    for client in clients:
        client.start()
    found = [
        [queue.get() for _ in range(number)]
        for (_, number), queue in zip(groups, queues, strict=True)
    ]
    for client in clients:
        client.join()
    refused = {
        status for group in found for statuses, _ in group for status in statuses - {200, 201}
    }
    if refused:
        raise RuntimeError(f"unexpected answers: {refused}")
    return [[time for _, times in group for time in times] for group in found]


def _timing_client(port: int, requests: Requests, number: int, seconds: float, results) -> None:
    times, statuses = [], set()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        end = time.perf_counter() + seconds
        for asked in requests(number):
            begun = time.perf_counter()
            statuses.add(ask(connection, asked))
            times.append(time.perf_counter() - begun)
            if begun >= end:
                break
    results.put((statuses, times))


def rate(port: int, requests: Callable[[int], Iterator[bytes]], seconds: float) -> float:
    """Requests per second over all clients.

    Args:
        requests: Makes the endless requests of a client, by its number.

    Raises:
        RuntimeError: an answer was not 200 or 201.
    """
    context = multiprocessing.get_context("fork")
    counts = context.Queue()
    clients = [
        context.Process(target=_client, args=(port, requests, n, seconds, counts))
        for n in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    results = [counts.get() for _ in clients]
    for client in clients:
        client.join()
    if any(statuses - {200, 201} for _, statuses in results):
        raise RuntimeError(f"unexpected answers: {[statuses for _, statuses in results]}")
    return sum(count for count, _ in results) / seconds

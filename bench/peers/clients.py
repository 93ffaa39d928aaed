"""Browsers and programs for each of the servers that are measured beside one another."""

import json
import re
import socket
import time
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"


class Client:
    """One connection that is kept, and its headers."""

    def __init__(self, port: int, **headers: str) -> None:
        self.port, self.headers = port, headers
        self._socket = socket.create_connection(("127.0.0.1", port))

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = FORM) -> "Answer":
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if body or method == "POST":
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        asked = "\r\n".join([*lines, "", ""]).encode() + body
        begun = time.perf_counter()
        self._socket.sendall(asked)
        head, text = self._answer()
        return Answer(int(head[9:12]), head.decode("latin-1"), text, time.perf_counter() - begun)

    def _answer(self) -> tuple[bytes, bytes]:
        answer = self._socket.recv(65536)
        while b"\r\n\r\n" not in answer:
            answer += self._socket.recv(65536)
        head, body = answer.split(b"\r\n\r\n", 1)
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self._socket.recv(65536)
        return head, body


class Answer:
    def __init__(self, status: int, head: str, body: bytes, seconds: float) -> None:
        self.status, self.head, self.seconds = status, head, seconds
        self.text = body.decode(errors="replace")

    def expect(self, *statuses: int) -> "Answer":
        if self.status not in statuses:
            raise RuntimeError(f"{self.status}: {self.head[:200]} {self.text[:600]}")
        return self


def fields_of(html: str, form: str = "") -> dict[str, str]:
    """What a browser would send if a form was left as it is."""
    inside = html[html.index(form) :] if form else html
    inside = inside[: inside.index("</form>")]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", inside):
        given = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" in given and given.get("type") != "checkbox":
            fields[given["name"]] = unescape(given.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="(\w+)".*?>(.*?)</select>', inside, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


class Desk:
    """Saves and adds customers through the forms of Gatebook."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def save(self, address: str) -> Iterator[float]:
        for turn in range(10_000):
            form = self.client.ask("GET", f"{address}/edit").expect(200).text
            fields = fields_of(form, 'id="customer-form"') | {"first_name": f"Ama{turn}"}
            yield self._post(f"{address}/edit", fields)

    def add(self) -> Iterator[float]:
        while True:
            form = self.client.ask("GET", "/customers/new").expect(200).text
            fields = fields_of(form, 'id="customer-form"') | person()
            yield self._post("/customers/new", fields)

    def _post(self, address: str, fields: dict[str, str]) -> float:
        answer = self.client.ask("POST", address, urlencode(fields).encode())
        self._keep_messages(answer.expect(303))
        return answer.seconds

    def _keep_messages(self, answer: Answer) -> None:
        token = self.client.headers["Cookie"].split(";")[0]
        kept = re.search(r"Set-Cookie: (gatebook-messages=[^;]+)", answer.head)
        self.client.headers["Cookie"] = f"{token}; {kept[1]}" if kept else token


class AdminDesk:
    """The same through the forms of Flask-Admin."""

    def __init__(self, port: int) -> None:
        self.client = Client(port)
        entered = self.client.ask("GET", "/enter").expect(302)
        self._keep(entered)

    def save(self, number: int) -> Iterator[float]:
        address = f"/admin/customer/edit/?id={number}"
        for turn in range(10_000):
            form = self.client.ask("GET", address).expect(200)
            self._keep(form)
            fields = fields_of(form.text, "admin-form") | {"first_name": f"Ama{turn}"}
            yield self._post(address, fields)

    def add(self) -> Iterator[float]:
        while True:
            form = self.client.ask("GET", "/admin/customer/new/").expect(200)
            self._keep(form)
            unique = f"{time.time_ns():x}"
            more = {
                "uuid": unique,
                "reference": f"CUS-{unique}",
                "created_at": "1",
                "updated_at": "1",
            }
            yield self._post(
                "/admin/customer/new/", fields_of(form.text, "admin-form") | person() | more
            )

    def _post(self, address: str, fields: dict[str, str]) -> float:
        answer = self.client.ask("POST", address, urlencode(fields).encode()).expect(302)
        self._keep(answer)
        return answer.seconds

    def _keep(self, answer: Answer) -> None:
        cookie = re.search(r"Set-Cookie: (session=[^;]+)", answer.head)
        if cookie:
            self.client.headers["Cookie"] = cookie[1]


def person() -> dict[str, str]:
    """Somebody new."""
    unique = time.time_ns()
    return {
        "first_name": "Ama",
        "last_name": f"Owusu{unique % 1000}",
        "email": f"ama{unique:x}@example.com",
        "phone": f"+23324{unique // 1000 % 10_000_000:07d}",
        "country": "GH",
    }


def program(port: int, secret: str) -> Client:
    return Client(port, Authorization=f"Bearer {secret}")


def new_customer() -> bytes:
    one = person()
    wire: dict[str, Any] = {
        "firstName": one["first_name"],
        "lastName": one["last_name"],
        "email": one["email"],
        "phone": one["phone"],
    }
    return json.dumps(wire).encode()

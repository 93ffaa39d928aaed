"""A program that uses the API over real HTTP, on one connection that it keeps open."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

AMA = {
    "email": "ama@example.com",
    "firstName": "Ama",
    "lastName": "Mensah",
    "phone": "+233201234567",
}
# The fields of a customer on the wire, in this order.
KEYS = [
    "id",
    "reference",
    "firstName",
    "lastName",
    "email",
    "phone",
    "countryCode",
    "blacklist",
    "version",
    "createdAt",
    "updatedAt",
]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.raw)

    @property
    def data(self) -> Any:
        return self.json["data"]

    @property
    def code(self) -> str:
        return self.json["code"]


class Program:
    """A client of the API, with or without a key."""

    def __init__(self, address: str, secret: str | None, *, timeout: float = 60) -> None:
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}

    def call(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> Answer:
        """Send a body as JSON, or raw bytes; underscores in names of headers become hyphens."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            raw = json.dumps(body).encode()
        if raw is not None:
            sent.setdefault("Content-Type", "application/json")
        self.connection.request(method, f"/api/v1/{path}", raw, sent)
        response = self.connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        return self.call("POST", path, body, **more)

    def create(self, **details: Any) -> dict[str, Any]:
        answer = self.post("customers", AMA | details)
        assert answer.status == 201, answer.raw
        return answer.data

    def close(self) -> None:
        self.connection.close()


def refusal(answer: Answer, status: int, code: str) -> dict[str, Any]:
    """Check that the answer is this error of API.md; returns its message."""
    said = answer.json
    assert (answer.status, said["statusCode"], said["code"]) == (status, status, code), said
    assert set(said) - {"data", "customerId"} == {
        "statusCode",
        "error",
        "code",
        "message",
        "fields",
        "requestId",
    }
    assert said["message"].endswith(".")
    assert said["requestId"] == answer.headers["X-Request-Id"]
    return said

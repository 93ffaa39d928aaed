"""Calls that are the same in every run, with fixed clock, ids, references and request ids."""

import json
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
BOOK, ANSWERS, CHANGED = HERE / "book.db.gz", HERE / "answers.jsonl", HERE / "changed.jsonl"
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALLS_PER_MINUTE = 6
SETTINGS = {
    "GATEBOOK_SECRET_KEY": "recorded-only-secret-0123456789abcdefghijklmn",
    "GATEBOOK_HISTORY_KEY": "recorded-only-history-0123456789abcdefghijkl",
    "GATEBOOK_API_REQUESTS_PER_MINUTE": str(CALLS_PER_MINUTE),
}
# The headers that are part of the contract.
HEADERS = (
    "Content-Type", "Content-Length", "ETag", "Location", "Content-Location", "Link", "Retry-After",
    "WWW-Authenticate", "Allow", "RateLimit", "RateLimit-Policy", "Idempotent-Replayed",
    "X-Request-Id", "X-Ignored", "Cache-Control",
)  # fmt: skip
# What every answer says besides, since the second edition, or no longer says: old clients read
# neither. Without them, an answer must still be the recorded one.
VERSION = re.compile(r',"version":[0-9]+(?=,"createdAt")')
NO_WAIT = ";t=0"
A_NUMBER = re.compile(r"\{(\d+)\}")


@dataclass(frozen=True)
class Call:
    """One call by a program.

    Attributes:
        path: After `/api/v1/`. Here and in the body, `{7}` is the id of the seventh customer.
        key: The name of the API key; none without one.
        body: As it is sent.
        after: Seconds since the call before.
    """

    method: str
    path: str
    body: str | None = None
    key: str | None = "shop"
    headers: dict[str, str] = field(default_factory=dict)
    after: int = 60 // CALLS_PER_MINUTE + 1

    def with_ids(self, ids: Mapping[int, str]) -> "Call":
        path, body = (
            text and A_NUMBER.sub(lambda number: ids[int(number[1])], text)
            for text in (self.path, self.body)
        )
        return Call(**asdict(self) | {"path": path, "body": body})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


class World:
    """A clock that moves only when told to, and randomness that depends only on the moment."""

    def __init__(self, patch: Any, clock: Any, models: Any) -> None:
        self.moment = START
        self.go_on(0)
        patch.setattr(clock, "now", lambda: self.moment)
        patch.setattr(secrets, "token_hex", lambda size: self._hex.randbytes(size).hex())
        patch.setattr(secrets, "token_bytes", lambda size: self._salt.randbytes(size))
        id_bits, reference_bits = (
            lambda count: self._id.getrandbits(count),
            lambda count: self._reference.getrandbits(count),
        )
        patch.setattr(models.new_id, "__defaults__", (None, id_bits))
        patch.setattr(models.new_reference, "__defaults__", (reference_bits,))

    def go_on(self, seconds: float) -> None:
        """Each kind of random value has its own source, so that drawing more of one
        does not change the others.
        """
        self.moment += timedelta(seconds=seconds)
        self._hex, self._salt, self._id, self._reference = (
            Random(f"{self.moment} {kind}") for kind in ("hex", "salt", "id", "reference")
        )


def secret_of(name: str) -> str:
    return "gatebook_" + name.ljust(43, "-")


def replay(client: Any, world: World, calls: list[Call]) -> Iterator[Answer]:
    for call in calls:
        world.go_on(call.after)
        yield _answer(client, call)


def _answer(client: Any, call: Call) -> Answer:
    headers = dict(call.headers)
    if call.key:
        headers.setdefault("Authorization", f"Bearer {secret_of(call.key)}")
    if call.body is not None:
        headers.setdefault("Content-Type", "application/json")
    size = headers.pop("Content-Length", None)
    response = client.open(
        f"/api/v1/{call.path}",
        method=call.method,
        data=call.body and call.body.encode(),
        headers=headers,
        environ_overrides={"CONTENT_LENGTH": size} if size else {},
    )
    told = {name: response.headers[name] for name in HEADERS if name in response.headers}
    body, since = VERSION.subn("", response.get_data(as_text=True))
    if since:
        told["Content-Length"] = str(len(body.encode()))
    if told.pop("Location", None):
        assert response.status_code == 201
    if told.get("RateLimit", "").count(";") == 1:
        told["RateLimit"] += NO_WAIT
    if "Allow" in told:  # Flask lists them in the order of a set
        told["Allow"] = ", ".join(sorted(response.allow))
    return Answer(response.status_code, told, body)


def changes_since(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers that differ from the recording, with the known reasons."""
    recorded = {line["number"]: line for line in read_lines(ANSWERS)}
    reasons = {line["number"]: line["why"] for line in read_lines(CHANGED)}
    return [
        {"number": number, "why": reasons.get(number, ""), "answer": line["answer"]}
        for line in lines
        if line["answer"] != recorded[number := line["number"]]["answer"]
    ]


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def write_lines(path: Path, lines: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text)

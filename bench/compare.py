"""`make compare OLD=<commit>`: an earlier commit against this one, alternating so that both run
under the same conditions.

Each side is a process of its own with its own book of 10,000 sample customers, and is asked only
what every version answers: commands, pages with their forms, the JSON API. The result is CPU time
of the process (first quartile of the rounds) and the ratio of the two sides.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from tests.support.books import KEYS
from webapp.settings import PROJECT

ROUNDS, CALLS, CUSTOMERS = 24, 5, "10000"
READS = {
    "list": "/customers",
    "list, page 40 by name": "/customers?page=40&sort=name",
    "list of the blacklisted": "/customers?standing=blacklisted",
    "search, one word": "/customers?q=mensah",
    "search, two words": "/customers?q=ama+mensah",
    "search, phone": "/customers?q=020123",
    "review queue": "/review",
}


def main() -> None:
    # The other side runs this file with its own version of `bench`, which may not have `report`.
    from bench.report import write_section

    with tempfile.TemporaryDirectory() as name:
        old = Path(name) / "old"
        subprocess.run(["git", "clone", "--quiet", str(PROJECT), str(old)], check=True)
        subprocess.run(["git", "checkout", "--quiet", sys.argv[1]], cwd=old, check=True)
        sides = {"old": _side(old), "new": _side(PROJECT)}
        times = _in_turns(sides)
        for process in sides.values():
            process.kill()
    table = "\n".join(_rows(times, sys.argv[1]))
    sys.stdout.write(f"{table}\n")
    write_section("make compare", table)


def _rows(times: dict[str, dict[str, list[float]]], commit: str) -> Iterator[str]:
    yield f"| Milliseconds of CPU, first quartile | {commit} | this commit | ratio |"
    yield "|---|---|---|---|"
    for what in times["old"]:
        before, after = (_undisturbed(times[side][what]) * 1_000 for side in ("old", "new"))
        yield f"| {what} | {before:.2f} | {after:.2f} | {after / before:.2f} |"


def _undisturbed(seconds: list[float]) -> float:
    """The first quartile: other load on a shared machine can only add time."""
    return statistics.quantiles(seconds, n=4)[0]


def _in_turns(sides: dict[str, subprocess.Popen[str]]) -> dict[str, dict[str, list[float]]]:
    """Seconds by side and by task, measured in turns."""
    times: dict[str, dict[str, list[float]]] = {side: defaultdict(list) for side in sides}
    for _ in range(ROUNDS):
        for side, process in sides.items():
            for what, seconds in json.loads(_ask(process)).items():
                times[side][what].append(seconds)
    return times


def _side(root: Path) -> subprocess.Popen[str]:
    folder = Path(tempfile.mkdtemp())
    settings = {
        "GATEBOOK_DATABASE_URL": f"sqlite:///{folder}/book.db",
        "GATEBOOK_API_REQUESTS_PER_MINUTE": "1000000",
    }
    words = [sys.executable, str(Path(__file__).resolve()), "--side", str(root)]
    environment = os.environ | KEYS | settings | {"PYTHONPATH": str(root)}
    return subprocess.Popen(
        words, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def _ask(process: subprocess.Popen[str]) -> str:
    assert process.stdin and process.stdout
    process.stdin.write("go\n")
    process.stdin.flush()
    return process.stdout.readline()


def serve() -> None:
    """Run one side: make a book and a signed-in member, then measure once for each
    line on stdin.
    """
    import wsgi  # the side's own version

    run = wsgi.app.test_cli_runner().invoke
    run(args=["db", "upgrade"])
    run(args=["sample-data", "--customers", CUSTOMERS])
    add = ["staff", "add", "--email", "bench@example.com", "--name", "Bench", "--role", "manager"]
    one_time = run(args=add).output.split()[-1]
    scopes = [
        word for scope in ("read", "write", "blacklist", "check") for word in ("--scope", scope)
    ]
    owner = ["--owner", "bench@example.com"]
    key = run(args=["api-keys", "create", "--name", "Bench key", *scopes, *owner]).output.split()[
        -1
    ]
    side = Side(wsgi.app, one_time, key)
    for _ in sys.stdin:
        sys.stdout.write(json.dumps(dict(side.measured())) + "\n")
        sys.stdout.flush()


class Side:
    """A signed-in member and a program, against one version."""

    def __init__(self, app: Any, one_time: str, key: str) -> None:
        self.desk, self.api, self.number = app.test_client(), app.test_client(), 0
        self.headers = {"Authorization": f"Bearer {key}"}
        self._post("/sign-in", email="bench@example.com", password=one_time)
        chosen = "a purple duck on a frozen lake"
        self._post("/account/password", current_password=one_time, new_password=chosen)

    def _post(self, path: str, **fields: str) -> Any:
        page = self.desk.get(path).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        owner = re.search(r'name="form_owner"[^>]*value="([^"]+)"', page)
        assert token, page[:500]
        sent = {"csrf_token": token[1]} | ({"form_owner": owner[1]} if owner else {}) | fields
        return self.desk.post(path, data=sent)

    def measured(self) -> Iterator[tuple[str, float]]:
        for what, path in READS.items():
            yield what, _median(lambda path=path: self._expect(200, self.desk.get(path)))
        made = [self._create() for _ in range(CALLS)]
        yield "API: create", statistics.median(seconds for _, seconds in made)
        ids = iter([made_id for made_id, _ in made] * 4)
        yield (
            "customer page",
            _median(lambda: self._expect(200, self.desk.get(f"/customers/{made[0][0]}"))),
        )
        yield "API: read", _median(lambda: self._call("GET", next(ids)))
        yield (
            "API: change",
            _median(lambda: self._call("PATCH", next(ids), {"firstName": f"E{time.time_ns()}"})),
        )
        yield (
            "API: blacklist",
            _median(lambda: self._call("POST", f"blacklist/{next(ids)}", {"blacklist": True})),
        )

    def _create(self) -> tuple[str, float]:
        self.number += 1
        first, last, local = (_word(f"{self.number} {part}") for part in range(3))
        body = {"firstName": first, "lastName": last, "email": f"{local}@{last.lower()}.example"}
        begun = time.process_time()
        answer = self.api.post("/api/v1/customers", json=body, headers=self.headers)
        return self._expect(201, answer).json["data"]["id"], time.process_time() - begun

    def _call(self, method: str, path: str, body: Any = None) -> None:
        address = f"/api/v1/customers/{path}"
        self._expect(200, self.api.open(address, method=method, json=body, headers=self.headers))

    @staticmethod
    def _expect(status: int, answer: Any) -> Any:
        assert answer.status_code == status, (answer.status_code, answer.text[:300])
        return answer


def _word(seed: str) -> str:
    """A word like few others: people who are all alike would be a crowd, and measured as one."""
    random = Random(seed)
    syllables = (random.choice("bdfgklmnprst") + random.choice("aeiou") for _ in range(5))
    return "".join(syllables).capitalize()


def _median(call: Callable[[], Any]) -> float:
    def timed() -> float:
        begun = time.process_time()
        call()
        return time.process_time() - begun

    return statistics.median(timed() for _ in range(CALLS))


if __name__ == "__main__":
    serve() if "--side" in sys.argv else main()

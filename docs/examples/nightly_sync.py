"""Brings the customers of a CSV file into Gatebook, every night: python nightly_sync.py people.csv

The columns are named as on the wire: reference, email, firstName, lastName, phone, countryCode.
Each row is added, changed, or as it was; a run that was broken off is started again as it is.
Needs API_URL, such as https://gatebook.example.com/api/v1, and API_KEY with the scope `write`.
"""

import csv
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from itertools import islice

ROWS_AT_ONCE = 500


def main(path: str) -> int:
    outcomes: Counter[str] = Counter()
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        while some := list(islice(rows, ROWS_AT_ONCE)):
            for row, result in zip(some, send(some), strict=True):
                outcomes[result["outcome"]] += 1
                if result["outcome"] == "refused":
                    problem = result["problem"]
                    print(row["reference"], problem["code"], problem["message"], file=sys.stderr)
    print(dict(outcomes))
    return 1 if outcomes["refused"] else 0


def send(rows: list[dict[str, str]]) -> list[dict]:
    """The result of each row. A batch whose answer was lost is sent again: what stands already is
    answered `unchanged`. An empty cell says nothing: what the book has stays.
    """
    customers = [{name: value for name, value in row.items() if value} for row in rows]
    body = json.dumps({"customers": customers}).encode()
    while True:
        try:
            return call("customers/batch", body)["data"]["results"]
        except urllib.error.HTTPError as error:
            if error.code not in (409, 429, 503):  # busy: try again
                raise
            time.sleep(int(error.headers.get("Retry-After", 5)))


def call(path: str, body: bytes) -> dict:
    request = urllib.request.Request(
        f"{os.environ['API_URL']}/{path}",
        body,
        {
            "Authorization": f"Bearer {os.environ['API_KEY']}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

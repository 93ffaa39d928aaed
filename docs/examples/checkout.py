"""A checkout that asks Gatebook before it takes a payment: python checkout.py kofi@example.com

Needs API_URL, such as https://gatebook.example.com/api/v1, and API_KEY with the scope `check`.
Prints `pay`, `hold` or `refuse`. Where no answer comes in time, it holds: somebody looks.
"""

import json
import os
import sys
import urllib.request
from http.client import HTTPException

DEEDS = {"allow": "pay", "review": "hold", "deny": "refuse"}
SECONDS = 2


def decide(person: dict[str, str]) -> str:
    """What to do about a person: whatever you know of them, as on the wire."""
    request = urllib.request.Request(
        f"{os.environ['API_URL']}/customers/check",
        json.dumps(person).encode(),
        {
            "Authorization": f"Bearer {os.environ['API_KEY']}",
            "Content-Type": "application/json",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return DEEDS[json.load(answer)["data"]["decision"]]
    except (OSError, HTTPException, ValueError, KeyError):  # no answer, or none that says so
        return "hold"


if __name__ == "__main__":
    print(decide({"email": sys.argv[1]}))

"""An editor at a real server. Imports nothing of the application, so that a process for each of
many editors starts quickly.
"""

import random
from typing import Any

from tests.support.wire import WireBrowser, fields_in

Change = tuple[str, str]


def edit_again_and_again(
    address: str, token: str, path: str, number: int, edits: int
) -> list[Change]:
    """Edit one customer in the browser `edits` times, answering a clash with "keep mine"; returns
    the accepted changes.
    """
    browser, choose = WireBrowser(address, token), random.Random(number)
    accepted = []
    for turn in range(edits):
        field, mark = choose.choice(["first_name", "last_name"]), f"E{number}T{turn}"
        fields = browser.form(path, "customer-form") | {field: mark}
        status, text = browser.post(path, fields)
        # 503: too many are waiting for this customer, so nothing was written
        while status in (409, 503):
            if status == 409:
                fields = fields_in(text, "customer-form") | {field: mark}
                fields |= {f"keep_{name}": "mine" for name in fields["asked"].split()[1:]}
            status, text = browser.post(path, fields)
        assert status == 303, text
        accepted.append((field, mark))
    browser.close()
    return accepted


def edit_and_tell(outcomes: Any, *arguments: Any) -> None:
    """The same in a process of its own: puts the accepted changes into a queue."""
    outcomes.put(edit_again_and_again(*arguments))

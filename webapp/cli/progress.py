"""Says how far a long command is: how much of how much, how fast, and how much longer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click


@contextmanager
def progress_bar(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A bar with rate and time left; what is yielded is called
    with the number that was done since the last call.
    """
    with click.progressbar(
        length=length, label=label, show_pos=True, item_show_func=lambda rate: rate
    ) as bar:
        begun, done = monotonic(), 0

        def more(number: int) -> None:
            nonlocal done
            done += number
            bar.update(number, f"{done / max(monotonic() - begun, 0.001):,.0f}/s")

        yield more

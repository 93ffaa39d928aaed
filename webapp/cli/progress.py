"""Progress of a long command: how much is done, how fast, and the time left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import click


@contextmanager
def progress_bar(
    label: str, length: int, *, aside: bool = False
) -> Iterator[Callable[[int], None]]:
    """A progress bar with rate and time left; call the yielded
    function with the number of items done since the last call.

    Args:
        aside: On the error stream, and only if that is a terminal: the output is a result.
    """
    with click.progressbar(
        length=length,
        label=label,
        show_pos=True,
        item_show_func=lambda rate: rate,
        hidden=aside and not sys.stderr.isatty(),
        file=sys.stderr if aside else None,
    ) as bar:
        begun, done = monotonic(), 0

        def more(number: int) -> None:
            nonlocal done
            done += number
            bar.update(number, f"{done / max(monotonic() - begun, 0.001):,.0f}/s")

        yield more

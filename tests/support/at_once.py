"""Run things that start at the same instant."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from webapp.kernel.refusals import Conflict


def at_once(book, *deeds):
    """Run functions in threads that start together; returns each result, or the
    code of its refusal.
    """
    barrier = Barrier(len(deeds), timeout=60)

    def run(deed):
        with book.app.app_context():
            barrier.wait()
            try:
                return deed()
            except Conflict as refusal:
                return refusal.code

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))

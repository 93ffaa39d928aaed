"""Whether every history is whole."""

from webapp import verification
from webapp.commands.history import everybody


def faults_in_histories() -> list[str]:
    """The first fault, if there is one, in what `flask history verify` checks; the cast was hired without a history."""
    fault = verification.verify({kind: said for kind, said in everybody().items() if kind != "staff"}).fault
    return [str(fault)] if fault else []

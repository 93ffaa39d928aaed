"""Whether every history is whole."""

from webapp.cli.history import everybody
from webapp.history import verify


def faults_in_histories() -> list[str]:
    """The first fault, if there is one, in what `flask history
    verify` checks; the cast was hired without a history.
    """
    fault = verify.verify(
        {kind: said for kind, said in everybody().items() if kind != "staff"}
    ).fault
    return [str(fault)] if fault else []

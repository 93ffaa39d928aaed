"""Look-alikes: other records that are probably the same person, and why.

Only indexed look-ups, never a scan. The signals: `phone`, the same number, or one that rings the
same phone; `email`, the same mailbox in any spelling; `name`, the same name in any order and
spelling with the same dial code; `close_name`, a name that differs by a typing error, with the same
phone or e-mail domain, unless that is a public mail service or many customers share it. A
blacklisted customer is matched by everything their record has had since.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from webapp.customers.fields import Details
from webapp.kernel.folding import name_key, shortened_names, whole_names
from webapp.kernel.typing_errors import is_close
from webapp.lookalikes.candidates import LOOKED_UP, Candidate, Hit, Record, candidates, is_named

MAX_SHOWN = 10
WEIGHTS = {"phone": 4, "email": 4, "close_name": 2, "name": 1}


@dataclass(frozen=True)
class Lookalike:
    """Another record, with the signals that it is the same person, strongest first."""

    customer: Record
    signals: tuple[str, ...]

    @property
    def weight(self) -> int:
        return weight_of(self.signals)


def weight_of(signals: Iterable[str]) -> int:
    """How strongly these signals together suggest the same person."""
    return sum(WEIGHTS[signal] for signal in signals)


def possible_duplicates(person: Details, *, other_than: int | None = None) -> list[Lookalike]:
    """The look-alikes of one person, whatever their standing: at most ten, most similar first."""
    return lookalikes_of([Candidate(person, other_than)])[0]


def lookalikes_of(
    people: Sequence[Candidate],
    *,
    blacklisted: bool | None = None,
    most: int = MAX_SHOWN,
    least_weight: int = 1,
) -> list[list[Lookalike]]:
    """The look-alikes of each of several people, with one statement per hundred look-ups.

    Args:
        blacklisted: Only records that are blacklisted, or only those that are not.
        most: For each person; the most similar come first, then the newest.
        least_weight: Leave out records whose signals weigh less.
    """
    by_person: list[list[Hit]] = [[] for _ in people]
    looked_up = {
        signal for signal in LOOKED_UP if WEIGHTS.get(signal, least_weight) >= least_weight
    }
    for one in candidates(people, blacklisted, looked_up, most):
        by_person[one.person].append(one)
    return [
        _ranked(_signals_of(person, some), some, most, least_weight)
        for person, some in zip(people, by_person, strict=True)
    ]


def _signals_of(person: Candidate, some: Sequence[Hit]) -> dict[int, set[str]]:
    """The signals for each record that was found."""
    by_seq: dict[int, set[str]] = defaultdict(set)
    details = person.details
    key = name_key(details.first_name or "", details.last_name or "")
    for one in some:
        record = one.record
        if one.signal != "domain":
            by_seq[record.seq].add(one.signal)
        if (
            record.dial_code
            and record.dial_code == details.dial_code
            and _is_same_name(details, record)
        ):
            by_seq[record.seq].add("name")
        if one.signal in ("phone", "domain") and is_close(key, record.name_key):
            by_seq[record.seq].add("close_name")
    by_seq.pop(person.seq or 0, None)
    for seq, signals in by_seq.items():
        if "name" in signals:
            signals.discard("close_name")
        by_seq[seq] = news(signals, person.apart.get(seq, frozenset()))
    return {seq: signals for seq, signals in by_seq.items() if signals}


def news(signals: Iterable[str], known: Collection[str]) -> set[str]:
    """The signals that say more than those known; beside an equal name, a close one says nothing
    more.
    """
    covered = {*known, *(("close_name",) if "name" in known else ())}
    return set(signals) - covered


def _is_same_name(details: Details, record: Record) -> bool:
    """Same in any order and spelling, or except that one side lacks a word of three or more."""
    if not is_named(details) or not (record.first_name or record.last_name):
        return False
    mine, theirs = (details.first_name, details.last_name), (record.first_name, record.last_name)
    whole, their_whole = set(whole_names(*mine)), set(whole_names(*theirs))
    is_shorter = not their_whole.isdisjoint(shortened_names(*mine))
    return is_shorter or not whole.isdisjoint(their_whole | set(shortened_names(*theirs)))


def _ranked(
    by_seq: dict[int, set[str]], some: Sequence[Hit], most: int, least_weight: int
) -> list[Lookalike]:
    """The records that are alike: the most similar first, then the newest."""
    records = {one.record.seq: one.record for one in some}
    alike = [
        Lookalike(records[seq], tuple(signal for signal in WEIGHTS if signal in signals))
        for seq, signals in by_seq.items()
    ]
    enough = [one for one in alike if one.weight >= least_weight]
    return sorted(enough, key=lambda one: (-one.weight, -one.customer.seq))[:most]

"""Look-alikes: other records that are probably the same person, and why.

Only indexed look-ups, never a scan. The signals: `phone`, the same number, or one that rings the
same phone; `email`, the same mailbox in any spelling; `close_email`, an address with typing errors,
which holds somebody up only if one name is part of the other; `moved_email`, a rare local part at
another public mail service; `name`, the same name in any order and spelling with the same dial
code; `close_name`, a name that differs by a typing error, with the same phone or e-mail domain,
unless that is a public mail service or many customers share it; `like_name`, words that are like,
in any order, or a rare one in common. `moved_email` and `like_name` are shown, and hold nobody up.
A blacklisted customer is matched by everything their record has had since.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from webapp.customers.fields import Details
from webapp.kernel.fields import email_domain
from webapp.kernel.folding import name_key, shortened_names, whole_names
from webapp.kernel.typing_errors import is_close
from webapp.lookalikes.candidates import (
    LOOKED_UP,
    PUBLIC_MAIL,
    Candidate,
    Hit,
    Record,
    candidates,
    is_named,
)
from webapp.lookalikes.close import (
    are_like_names,
    are_namesakes,
    is_close_email,
    is_part_of,
    words_of,
)

MAX_SHOWN = 10
WEIGHTS = {
    "phone": 4,
    "email": 4,
    "close_email": 3,
    "moved_email": 2,
    "close_name": 2,
    "name": 1,
    "like_name": 1,
}


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
    looked_up: Collection[str] = LOOKED_UP,
) -> list[list[Lookalike]]:
    """The look-alikes of each of several people, with one statement per hundred look-ups.

    Args:
        blacklisted: Only records that are blacklisted, or only those that are not.
        most: For each person; the most similar come first, then the newest.
        least_weight: Leave out records whose signals weigh less.
        looked_up: Only records that one of these look-ups finds.
    """
    by_person: list[list[Hit]] = [[] for _ in people]
    enough = {one for one in looked_up if WEIGHTS.get(one, least_weight) >= least_weight}
    for one in candidates(people, blacklisted, enough, most):
        by_person[one.person].append(one)
    is_shown = blacklisted is None
    return [
        _ranked(_signals_of(person, some, is_shown=is_shown), some, most, least_weight)
        for person, some in zip(people, by_person, strict=True)
    ]


def _signals_of(person: Candidate, some: Sequence[Hit], *, is_shown: bool) -> dict[int, set[str]]:
    """The signals for each record that was found."""
    by_seq: dict[int, set[str]] = defaultdict(set)
    comparison = _Comparison(person.details, is_shown=is_shown)
    for hit in some:
        by_seq[hit.record.seq].update(comparison.signals(hit))
    by_seq.pop(person.seq or 0, None)
    if is_shown:
        blacklisted = {hit.record.seq for hit in some if hit.record.blacklisted}
        _forget_shared([signals for seq, signals in by_seq.items() if seq not in blacklisted])
    for seq, signals in by_seq.items():
        by_seq[seq] = news(strongest(signals), person.apart.get(seq, frozenset()))
    return {seq: signals for seq, signals in by_seq.items() if signals}


def _forget_shared(signals_of_each: Collection[set[str]]) -> None:
    """A phone or mailbox that many in good standing share, whose names are unlike, says nothing
    about them; a blacklisting counts all the same.
    """
    for value in ("phone", "email"):
        unlike = [
            signals
            for signals in signals_of_each
            if value in signals and signals.isdisjoint(NAMES_ALIKE)
        ]
        if len(unlike) > MAX_SHARING:
            for signals in unlike:
                signals.discard(value)


def strongest(signals: Collection[str]) -> set[str]:
    """These signals without those that say nothing more beside a stronger one."""
    return {one for one in signals if COVERED.get(one, set()).isdisjoint(signals)}


def in_order(signals: Collection[str]) -> tuple[str, ...]:
    """These signals, the strongest kind first."""
    return tuple(signal for signal in WEIGHTS if signal in signals)


def news(signals: Iterable[str], known: Collection[str]) -> set[str]:
    """The signals that say more than those known; beside an equal name, a close one says nothing
    more.
    """
    covered = {weaker for weaker, stronger in COVERED.items() if not stronger.isdisjoint(known)}
    return set(signals) - covered - set(known)


NAMES_ALIKE = {"name", "close_name", "like_name"}
# More people than these with unlike names share a value that says nothing.
MAX_SHARING = 10
# A signal says nothing more beside one of these.
COVERED = {
    "close_email": {"email"},
    "moved_email": {"email", "close_email"},
    "close_name": {"name"},
    "like_name": {"name", "close_name"},
}


class _Comparison:
    """A person, prepared to be compared with many records.

    Args:
        is_shown: Names that are only like are a signal too: too many are, to hold somebody up.
    """

    def __init__(self, details: Details, *, is_shown: bool) -> None:
        self.details, self.is_shown = details, is_shown
        self.words = words_of(details.first_name, details.last_name)
        self.key = name_key(details.first_name or "", details.last_name or "")

    def signals(self, hit: Hit) -> Iterator[str]:
        """What suggests that a record is this person's, as far as this look-up shows."""
        record = hit.record
        words = words_of(record.first_name, record.last_name)
        if hit.signal in WEIGHTS:
            yield hit.signal
        yield from self._signals_of_address(hit, words)
        has_dial_code = record.dial_code and record.dial_code == self.details.dial_code
        if has_dial_code and _is_same_name(self.details, record):
            yield "name"
        if hit.signal in ("phone", "domain") and is_close(self.key, record.name_key):
            yield "close_name"
        if self.is_shown and _may_be_of_one_country(self.details, record):
            is_rare = hit.signal == "rare"
            if are_like_names(self.words, words) or (is_rare and is_part_of(self.words, words)):
                yield "like_name"

    def _signals_of_address(self, hit: Hit, words: tuple[str, ...]) -> Iterator[str]:
        """To hold somebody up, an address with slips needs the same name beside it, and one at
        another service is not enough: colleagues and strangers have such addresses.
        """
        mine, theirs = self.details.email, hit.record.email
        is_enough = self.is_shown or is_part_of(self.words, words)
        is_namesake = are_namesakes(self.words, words)
        if mine and is_enough and is_close_email(mine, theirs, are_namesakes=is_namesake):
            yield "close_email"
        elif self.is_shown and hit.signal == "local" and _has_moved(mine, theirs):
            yield "moved_email"


def _has_moved(one: str, other: str) -> bool:
    """Whether an address stands at another public mail service; few have its local part."""
    domains = {email_domain(one), email_domain(other)}
    return len(domains) > 1 and domains <= PUBLIC_MAIL


def _may_be_of_one_country(details: Details, record: Record) -> bool:
    return None in (details.dial_code, record.dial_code) or details.dial_code == record.dial_code


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
    alike = [Lookalike(records[seq], in_order(signals)) for seq, signals in by_seq.items()]
    enough = [one for one in alike if one.weight >= least_weight]
    return sorted(enough, key=lambda one: (-one.weight, -one.customer.seq))[:most]

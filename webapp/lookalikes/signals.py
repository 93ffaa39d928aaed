"""Look-alikes: other records that are probably the same person, and why.

Only indexed look-ups, never a scan. The signals: `phone`, the same number, or one that rings the
same phone; `email`, the same mailbox in any spelling; `close_email`, an address with typing errors,
which holds somebody up only if one name is part of the other; `moved_email`, a rare local part at
another public mail service; `name`, the same name in any order and spelling with the same dial
code; `close_name`, a name that differs by a typing error, with the same phone or e-mail domain,
unless that is a public mail service or many customers share it; `like_name`, words that are like,
in any order, or a rare one in common; `birthday`, born on one day, with a word of the name in
common; `close_birthday`, the same but for one digit, or day and month turned round. `moved_email`
and `like_name` are shown, and hold nobody up. Birthdays far apart speak against a likeness of
names. What many unrelated people share says nothing.
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
    are_far_birthdays,
    are_like_names,
    are_namesakes,
    is_close_birthday,
    is_close_email,
    is_part_of,
    words_of,
)
from webapp.lookalikes.sharing import forget_shared

MAX_SHOWN = 10
WEIGHTS = {
    "phone": 4,
    "email": 4,
    "close_email": 3,
    "birthday": 2,
    "moved_email": 2,
    "close_name": 2,
    "close_birthday": 1,
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
        _compared(person, some, is_shown=is_shown).most_alike(most, least_weight)
        for person, some in zip(people, by_person, strict=True)
    ]


def compare(person: Candidate) -> tuple[list[Lookalike], dict[str, int]]:
    """The look-alikes of one person, to show them: at most ten; and how many customers share their
    phone or mailbox, by signal, where so many do that it says nothing.
    """
    hits = list(candidates([person], None, {*LOOKED_UP}, MAX_SHOWN))
    outcome = _compared(person, hits, is_shown=True)
    return outcome.most_alike(MAX_SHOWN, 1), outcome.shared


@dataclass(frozen=True)
class _Compared:
    """The records that were found for a person, each with its signals; and what says nothing."""

    records: dict[int, Record]
    by_seq: dict[int, set[str]]
    shared: dict[str, int]

    def most_alike(self, most: int, least_weight: int) -> list[Lookalike]:
        """The most similar first, then the newest."""
        alike = [
            Lookalike(self.records[seq], in_order(signals)) for seq, signals in self.by_seq.items()
        ]
        enough = [one for one in alike if one.weight >= least_weight]
        return sorted(enough, key=lambda one: (-one.weight, -one.customer.seq))[:most]


def _compared(person: Candidate, hits: Sequence[Hit], *, is_shown: bool) -> _Compared:
    by_seq: dict[int, set[str]] = defaultdict(set)
    comparison = _Comparison(person.details, is_shown=is_shown)
    for hit in hits:
        by_seq[hit.record.seq].update(comparison.signals(hit))
    by_seq.pop(person.seq or 0, None)
    records = {hit.record.seq: hit.record for hit in hits}
    shared = forget_shared(person, records, by_seq) if is_shown else {}
    news_of = {
        seq: news(strongest(signals), person.apart.get(seq, frozenset()))
        for seq, signals in by_seq.items()
    }
    return _Compared(records, {seq: some for seq, some in news_of.items() if some}, shared)


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


# A signal says nothing more beside one of these.
COVERED = {
    "close_email": {"email"},
    "moved_email": {"email", "close_email"},
    "close_birthday": {"birthday"},
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
        are_far = are_far_birthdays(self.details.birthday, record.birthday)
        if hit.signal in WEIGHTS and not (are_far and hit.signal == "name"):
            yield hit.signal
        yield from self._signals_of_address(hit, words)
        yield from self._signals_of_birthday(hit, words)
        if not are_far:
            yield from self._signals_of_name(hit, words)

    def _signals_of_name(self, hit: Hit, words: tuple[str, ...]) -> Iterator[str]:
        record = hit.record
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

    def _signals_of_birthday(self, hit: Hit, words: tuple[str, ...]) -> Iterator[str]:
        """To hold somebody up, all of the shorter name must be in the longer one: of the many who
        are born on one day, some have a common surname.
        """
        mine, theirs = self.details.birthday, hit.record.birthday
        is_close = bool(mine and theirs and is_close_birthday(mine, theirs))
        # A birthday that the record had is found by the keys of its case.
        is_known = bool(mine) and (mine == theirs or hit.signal == "born")
        is_of_two_words = min(len(self.words), len(words)) > 1
        is_enough = is_of_two_words and is_part_of(self.words, words)
        if is_enough or (self.is_shown and are_namesakes(self.words, words)):
            if is_close:
                yield "close_birthday"
            elif is_known:
                yield "birthday"


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

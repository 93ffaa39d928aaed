"""Lists and searches the slow way, by scanning every row: the reference for the fast ways."""

from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from random import Random

from sqlalchemy import select

from webapp.customers.models import Customer
from webapp.history import changes
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.folding import sought, sought_at_beginnings
from webapp.search.conditions import created_range
from webapp.search.filters import CustomerFilter, Sort, Standing
from webapp.search.query import Query
from webapp.search.results import SEARCH_CAP, page_of

ROWS = 25


class Everybody:
    """All customers of the book, read once."""

    def __init__(self) -> None:
        self.people = list(db.session.scalars(select(Customer).order_by(Customer.seq)))

    def wanted(self, search: CustomerFilter) -> list[Customer]:
        """The customers in a list, in its order."""
        is_found = _matching(search.understood)
        found = [one for one in self.people if is_found(one) and _is_in(one, search)]
        if search.understood.terms:
            found.reverse()
            return sorted(found, key=lambda one: _rank(one, search.understood))
        found.sort(key=_KEYS[search.sort.lstrip("-")], reverse=search.sort.startswith("-"))
        return found

    def differences(self, search: CustomerFilter) -> Iterator[str]:
        """What is wrong with the page that the search asks for."""
        page, true = page_of(search), self.wanted(search)
        total = min(len(true), SEARCH_CAP) if search.understood.terms else len(true)
        if (page.total, page.capped) != (total, total < len(true)):
            yield f"{search}: {page.total} instead of {len(true)}"
        start = (page.number - 1) * ROWS
        if [row.id for row in page.rows] != [one.id for one in true[:total][start : start + ROWS]]:
            yield f"{search}: other customers on page {page.number} of {page.count}"

    def some_searches(self, number: int, seed: int) -> Iterator[CustomerFilter]:
        """Random searches of every kind: fragments of real values, alone or in
        pairs, with filters, on any page.
        """
        random = Random(seed)
        for _ in range(number):
            one, other = random.choice(self.people), random.choice(self.people)
            kind = random.choice(_KINDS)
            standing = random.choice([None, None, *Standing])
            dial_code = random.choice([None, None, other.dial_code])
            country = other.other_country if dial_code and random.random() < 0.5 else None
            yield CustomerFilter(
                text=kind(random, one),
                standing=standing,
                dial_code=dial_code,
                country=country,
                page=random.choice([1, 1, 2, 40]),
            )

    def some_lists(self, number: int, seed: int) -> Iterator[CustomerFilter]:
        """Random lists: every order, filter and date range, on any page."""
        random = Random(seed)
        for _ in range(number):
            search = _some_list(random, random.choice(self.people))
            pages = -(-len(self.wanted(search)) // ROWS) or 1
            yield CustomerFilter(
                **vars(search) | {"page": random.choice([1, pages, random.randint(1, pages)])}
            )


def _some_list(random: Random, one: Customer) -> CustomerFilter:
    """A list that may contain this customer; with dates it is in order of creation."""
    sort, standing = random.choice(list(Sort)), random.choice([None, *Standing])
    dial_code, first, last = random.choice([None, one.dial_code]), None, None
    country = one.other_country if dial_code and random.random() < 0.5 else None
    if random.random() < 0.4:
        first = random.choice([None, one.created_at.date()])
        sort = random.choice([Sort.NEWEST, Sort.OLDEST])
        last = (first or one.created_at.date()) + timedelta(days=random.randrange(400))
    return CustomerFilter(
        standing=standing,
        dial_code=dial_code,
        country=country,
        created_from=first,
        created_to=last,
        sort=sort,
    )


_KEYS: dict[str, Callable[[Customer], object]] = {
    "created": lambda one: (one.created_at, one.seq),
    "changed": lambda one: (one.updated_at, one.seq),
    "name": lambda one: (one.name_key, one.seq),
}


def _is_in(one: Customer, search: CustomerFilter) -> bool:
    begin, end = created_range(search, UTC)
    return (
        (search.standing is None or one.blacklisted is (search.standing is not Standing.GOOD))
        and (
            search.standing is not Standing.WAITING
            or (one.waits_from is not None and one.waits_from <= clock.now())
        )
        and (search.dial_code is None or one.dial_code == search.dial_code)
        and (search.country is None or one.other_country == search.country)
        and (begin is None or one.created_at >= begin)
        and (end is None or one.created_at < end)
    )


def _matching(query: Query) -> Callable[[Customer], bool]:
    if not query.terms:
        return lambda _: True
    terms = [[sought(part) for part in term] for term in query.terms]
    return lambda one: (
        all(any(part in one.search for part in term) for term in terms) or _by_handle(one, query)
    )


def _by_handle(one: Customer, query: Query) -> bool:
    return bool(
        any(one.reference.lower().startswith(start) for start in query.references)
        or one.email_key == query.email_key
        or (query.id_range and query.id_range[0] <= one.id <= query.id_range[1])
    )


def _rank(one: Customer, query: Query) -> int:
    phones = {"+" + digits for digits in query.digits}
    references = (query.folded, *query.references)
    is_named = one.email_key == query.email_key or one.reference.lower() in references
    if is_named or one.name_key in query.name_keys or one.phone in phones:
        return 0
    starts = all(
        any(sought_at_beginnings(part) in one.search for part in term) for term in query.terms
    )
    ends = one.phone is not None and any(one.phone.endswith(digits) for digits in query.digits)
    return 1 if starts or ends or _by_handle(one, query) else 2


def _word(random: Random, one: Customer) -> str:
    return random.choice(one.search.split())


def _beginning(random: Random, one: Customer) -> str:
    return _word(random, one)[: random.randint(1, 6)]


def _inside(random: Random, one: Customer) -> str:
    word = _word(random, one)
    start = random.randrange(len(word))
    return word[start : start + random.randint(1, 8)]


def _two_words(random: Random, one: Customer) -> str:
    return f"{_beginning(random, one)} {_inside(random, one)}"


def _whole(random: Random, one: Customer) -> str:
    return random.choice(
        [one.email, one.reference, str(one.id), one.phone or "+2348", one.full_name]
    )


def _handle(random: Random, one: Customer) -> str:
    return random.choice([one.reference, str(one.id)])[: random.randint(3, 12)]


def _number(random: Random, one: Customer) -> str:
    phone = one.phone or "+2348012345678"
    return random.choice(
        [phone[-6:], phone[-4:], phone[:8], phone[3:9], f"0{phone[4:9]} {phone[9:]}"]
    )


def _swapped(random: Random, one: Customer) -> str:
    return f"{one.last_name} {one.first_name}"[: random.randint(3, 30)]


_KINDS = (_beginning, _inside, _inside, _two_words, _whole, _handle, _number, _swapped)


def faults() -> list[str]:
    """Faults that the application itself finds in its projections."""
    found = list(changes.faults())
    db.session.rollback()  # or an old connection would read the next book
    return found

"""Varied inputs, drawn from the book itself with a seed: lists of every kind, searches as people
type them, and customers.
"""

from dataclasses import replace
from datetime import timedelta
from random import Random

from flask import Flask
from sqlalchemy import func, select

from webapp.customers.models import Customer
from webapp.kernel.database import db
from webapp.search.filters import CustomerFilter, Sort, Standing
from webapp.search.results import page_of
from webapp.web.search.addresses import list_url


class Inputs:
    """Draws inputs for a book.

    Attributes:
        people: Five hundred random customers.
    """

    def __init__(self, app: Flask, seed: int) -> None:
        self.app, self.random = app, Random(seed)
        last = db.session.scalar(select(func.max(Customer.seq))) or 0
        seqs = self.random.sample(range(1, last + 1), 500)
        self.people = list(db.session.scalars(select(Customer).where(Customer.seq.in_(seqs))))
        self.random.shuffle(self.people)
        db.session.expunge_all()

    def address(self, search: CustomerFilter) -> str:
        with self.app.test_request_context():
            return list_url(search, page=search.page)

    def lists(self, number: int, *, first_page: bool) -> list[str]:
        """Addresses of full lists: every order, standing, dial code and range; the
        first page or any page.
        """
        with self.app.app_context():
            return self._lists(number, first_page=first_page)

    def _lists(self, number: int, *, first_page: bool) -> list[str]:
        found: list[str] = []
        while len(found) < number:
            search = self._some_list()
            pages = page_of(search).count
            if pages > 1:
                any_page = self.random.choice(
                    [1, pages, max(1, pages // 2), self.random.randint(1, pages)]
                )
                found.append(self.address(replace(search, page=1 if first_page else any_page)))
            db.session.rollback()
        return found

    def _some_list(self) -> CustomerFilter:
        choose, one = self.random.choice, self.random.choice(self.people)
        search = CustomerFilter(
            standing=choose([None, *Standing]),
            dial_code=choose([None, one.dial_code]),
            sort=choose(list(Sort)),
        )
        if self.random.random() < 0.3:
            first = one.created_at.date()
            last = choose([None, first + timedelta(days=self.random.randrange(600))])
            search = replace(
                search, created_from=first, created_to=last, sort=choose([Sort.NEWEST, Sort.OLDEST])
            )
        return search

    def searches(self, fragments: int, typed: int) -> list[str]:
        """Addresses of searches: random fragments of every kind, then a text typed
        letter by letter.
        """
        texts = [self._fragment(self.random.choice(self.people)) for _ in range(fragments)]
        for _ in range(typed):
            one = self.random.choice(self.people)
            whole = self.random.choice(
                [one.full_name, one.email, one.phone or one.last_name, one.last_name.lower()]
            )
            texts += [whole[:length] for length in range(1, min(len(whole), 12) + 1)]
        choose = self.random.choice
        some = [
            CustomerFilter(text=text, standing=choose([None, None, None, *Standing]))
            for text in texts
        ]
        return [self.address(search) for search in some]

    def _fragment(self, one: Customer) -> str:
        random, word = self.random, self.random.choice(one.search.split())
        start, phone = random.randrange(len(word)), one.phone or "+2348012345678"
        other = random.choice(one.search.split())
        return random.choice([
            word[: random.randint(1, 6)], word[start : start + random.randint(1, 6)], word,
            one.reference, one.reference[: random.randint(5, 10)], str(one.id)[:13], phone[-6:],
            phone[-4:], phone[:9], f"{word[:3]} {other[:3]}", f"{one.last_name} {one.first_name}",
            one.email,
        ])  # fmt: skip

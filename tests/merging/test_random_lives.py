"""Random merges, edits, blacklistings, deletions of requests and undos: no value is lost, every id
leads somewhere, and the past stays as it was.
"""

from random import Random

from sqlalchemy import select

from tests.blacklist.test_as_of import blacklisted_in, copies  # noqa: F401 - a fixture
from tests.support.histories import is_sound
from tests.support.lives import MANAGERS, Lives, start
from tests.support.proofs import rounds
from webapp.blacklist import listing
from webapp.blacklist.filters import CaseFilter
from webapp.customers import edit, finding
from webapp.customers.merged import MergedCustomer, find_merged, merged_into, survivor_of
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.merging.agreeing import agree_to_merge, agree_to_undo
from webapp.merging.merging import merge
from webapp.merging.requests import refuse_request, waiting_merges
from webapp.merging.taking_back import take_back

STEPS, MOMENTS = rounds(200, 1_000), 10
NOTE = "One passport."


class MergingLives(Lives):
    """Lives in which records are merged and come apart as well."""

    def __init__(self, the_clock, seed, *, customers):
        super().__init__(the_clock, seed, customers=customers, deletes=False)
        self.deeds += [self._merge] * 6 + [self._take_back] * 4 + [self._agree] * 10
        self.deeds += [self._take_an_address] * 2

    def _merge(self, customer_id):
        one, other = finding.get_customer(customer_id), self.random.choice(self.ids)
        groups = ("first_name", "last_name", "email", "phone", "birthday")
        choices = {name: self.random.choice(["survivor", "other"]) for name in groups}
        merge(one.id, other, choices=choices, note=NOTE, by=self._by(MANAGERS))

    def _take_an_address(self, customer_id):
        """Of a record that leads there, or one that nobody has."""
        customer = finding.get_customer(customer_id)
        own = [record.email for record in merged_into(customer)]
        new = f"new{self.random.randrange(20)}@example.com"
        edit.change(customer.id, {"email": self.random.choice([*own, new])}, by=self._by())

    def _take_back(self, customer_id):
        take_back(customer_id, note="Two.", by=self._by(MANAGERS))

    def _agree(self, _):
        for one in waiting_merges(by=self._by(), limit=1):
            survivor, other, by = one.survivor.id, one.other.id, self._by(MANAGERS)
            if self.random.random() < 0.1:
                refuse_request(survivor, other, by=by)
            elif one.request.is_undo:
                agree_to_undo(other, by=by)
            else:
                agree_to_merge(survivor, other, by=by)


def test_random_merges_lose_nothing(staffed, the_clock, copies, figure):  # noqa: F811
    start(the_clock, weeks_ago=60)
    lives = MergingLives(the_clock, 19, customers=14)
    random, at, merges = Random(5), [], 0
    for number, _ in enumerate(lives.go_on(STEPS), start=1):
        each_id_leads_to_one_customer(random.sample(lives.ids, 3) if number < STEPS else lives.ids)
        nobody_walks_free()
        merges = max(merges, len(db.session.scalars(select(MergedCustomer.seq)).all()))
        if random.random() < 0.05 and len(at) < MOMENTS:
            at.append((clock.now(), blacklisted_in(copies())))
        if number % (STEPS // 10) == 0:
            assert is_sound()
    the_past_is_as_it_was(at)
    assert (len(at), merges > 3) == (MOMENTS, True)
    figure(
        f"{STEPS} random merges, undos and deeds on {staffed.kind}: nothing lost, {merges} at once"
    )


def the_past_is_as_it_was(at):
    for moment, said in at:
        page = listing.page_of(CaseFilter(at=moment))
        assert ({row.customer.seq for row in page.rows}, page.total) == (said, len(said))


def each_id_leads_to_one_customer(ids):
    for one in ids:
        customer, record = finding.get_customer(one), find_merged(one)
        assert (customer.id == one) == (record is None)
        if record:
            assert survivor_of(record) is customer
            assert record.seq in {known.seq for known in merged_into(customer)}
            for email in (record.email, record.replaced_email):
                assert email is None or finding.find_by_email(email).id == customer.id


def nobody_walks_free():
    """Each open case keeps its customer on the blacklist, and each customer there has one."""
    open_cases = listing.page_of(CaseFilter(which=listing.Which.OPEN)).rows
    listed = set(db.session.scalars(select(Customer.seq).where(Customer.blacklisted)))
    assert {row.customer.seq for row in open_cases} == listed

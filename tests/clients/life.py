"""A customer's life by the client that openapi-python-client generates."""

import os

from client import AuthenticatedClient
from client.api.blacklist import check_person, set_blacklist
from client.api.customers import change_customer, create_customer, delete_customer, fetch_customer
from client.models import (
    BlacklistGiven,
    CheckGiven,
    CustomerAnswer,
    CustomerChanges,
    DecisionAnswer,
    Failure,
    NewCustomer,
)

client = AuthenticatedClient(os.environ["API_URL"], token=os.environ["API_KEY"])
added = create_customer.sync(
    client=client, body=NewCustomer(email="py@example.com", first_name="Py", phone="+233201234569")
)
assert isinstance(added, CustomerAnswer), added
one = str(added.data.id)
changed = change_customer.sync(one, client=client, body=CustomerChanges(last_name="Api"))
assert isinstance(changed, CustomerAnswer), changed
assert (changed.data.first_name, changed.data.last_name) == ("Py", "Api")
assert changed.data.phone == "+233201234569"
flagged = set_blacklist.sync(one, client=client, body=BlacklistGiven(blacklist=True))
assert isinstance(flagged, CustomerAnswer), flagged
assert flagged.data.blacklist is True
verdict = check_person.sync(client=client, body=CheckGiven(email="py@example.com"))
assert isinstance(verdict, DecisionAnswer), verdict
assert verdict.data.decision == "deny"
set_blacklist.sync(one, client=client, body=BlacklistGiven(blacklist=False))
assert isinstance(delete_customer.sync(one, client=client), CustomerAnswer)
gone = fetch_customer.sync(one, client=client)
assert isinstance(gone, Failure), gone
assert gone.code == "customer_deleted"
print("lived")

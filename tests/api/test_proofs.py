"""An auditor with a key reads roots and proofs, and checks them without us."""

import runpy

from tests.api.program import AMA
from webapp.history.proofs.merkle import continues
from webapp.settings import PROJECT

check = runpy.run_path(str(PROJECT / "docs" / "verify_entry.py"))["check"]


def test_an_entry_is_proved_from_the_door_alone(shop):
    ama = shop.post("customers", AMA).data
    shop.post(f"customers/blacklist/{ama['id']}", {"blacklist": True})
    key = shop.get("history/root").data["root"]["key"]
    for number, kind in ((1, "created"), (2, "blacklisted")):
        proof = shop.get(f"history/{ama['id']}/{number}").data
        entry, new = check(proof, proof["root"], key)
        assert (entry["kind"], entry["number"]) == (kind, number)
    assert new is None  # notes and reasons are no business of keys


def test_what_was_erased_is_proved_without_its_values(shop):
    ama = shop.post("customers", AMA).data
    shop.call("DELETE", f"customers/{ama['id']}")
    proof = shop.get(f"history/{ama['id']}/1").data
    assert check(proof, proof["root"])[0]["kind"] == "created"
    assert AMA["email"] not in shop.get(f"history/{ama['id']}/2").raw.decode()


def test_a_root_continues_an_earlier_one(shop):
    shop.post("customers", AMA)
    earlier = shop.get("history/root").data["root"]
    for number in range(5):
        shop.post("customers", AMA | {"email": f"a{number}@example.com", "phone": None})
    later = shop.get(f"history/root?since={earlier['size']}").data
    path = [bytes.fromhex(one) for one in later["continuation"]]
    sizes = (earlier["size"], later["root"]["size"])
    roots = (bytes.fromhex(earlier["root"]), bytes.fromhex(later["root"]["root"]))
    assert sizes[1] == sizes[0] + 5
    assert continues(sizes[0], roots[0], sizes[1], roots[1], path)
    assert not continues(sizes[0], roots[1], sizes[1], roots[0], path)


def test_what_is_not_there_is_not_proved(shop, program):
    ama = shop.post("customers", AMA).data
    size = shop.get("history/root").data["root"]["size"]
    for path in (f"{ama['id']}/2", f"{ama['id']}/0", f"{ama['id']}/x", "nobody/1"):
        answer = shop.get(f"history/{path}")
        assert (answer.status, answer.code) == (404, "entry_not_found"), path
    for since in ("0", str(size + 1), "x", ""):
        answer = shop.get(f"history/root?since={since}")
        assert (answer.status, answer.code) == (400, "invalid_query"), since
    assert shop.get("history/root?upto=3").code == "invalid_query"
    assert program("write").get("history/root").status == 403

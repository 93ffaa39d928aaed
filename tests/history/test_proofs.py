"""Proofs of entries, checked by the program of `docs/` that knows nothing of ours."""

import json
import runpy
import subprocess
import sys
from random import Random

import pytest

from tests.history.test_anchors import KEY, use
from tests.support.cast import SOMEBODY, actor, add, hire
from tests.support.commands import run
from tests.support.trees import nodes_over
from webapp.blacklist import opening
from webapp.customers import edit, erase
from webapp.history import log
from webapp.history.proofs import inclusion, merkle, roots
from webapp.history.proofs.inclusion import NoSuchEntry
from webapp.kernel import crypto
from webapp.kernel.database import db
from webapp.settings import PROJECT

PROGRAM = PROJECT / "docs" / "verify_entry.py"
MUTATIONS, SIGNATURES = 500, 20  # on each engine


@pytest.fixture(scope="module")
def verifier():
    return runpy.run_path(str(PROGRAM))


@pytest.fixture
def kofi(inside):
    """Somebody blacklisted, among others."""
    hire()
    use(KEY)
    kofi, *others = (add(email=f"{name}@example.com", phone=None) for name in "abcdef")
    for other in others:
        edit.change(other.id, {"first_name": "Other"}, by=SOMEBODY)
    opening.open_case(kofi.id, reason="fraud", note="Said “no”.", by=actor("Esi"))
    yield kofi
    use("")


def proved(subject, number):
    root = roots.sign_root()
    return inclusion.prove(subject, number, root), json.loads(root.line)


def test_every_entry_is_proved_to_somebody_without_the_book(kofi, verifier):
    public_key = crypto.public_key().hex()
    for number in (1, 2):
        proof, root = proved(kofi.subject, number)
        entry, new = verifier["check"](json.loads(json.dumps(proof)), root, public_key)
        assert (entry["number"], entry["subject_seq"]) == (number, kofi.seq)
    assert (entry["kind"], entry["actor_name"], new["note"]) == ("blacklisted", "Esi", "Said “no”.")


def test_an_erased_value_is_not_proved_but_its_entry_is(kofi, verifier):
    gone = add(email="gone@example.com", phone=None)
    erase.delete_customer(gone.id, by=SOMEBODY)
    proof, root = proved(gone.subject, 1)
    entry, new = verifier["check"](proof, root)
    assert (entry["kind"], new) == ("created", None)


def test_no_changed_proof_is_accepted(kofi, verifier):
    proof, root = proved(kofi.subject, 2)
    random, check = Random(3), verifier["check"]
    assert check(*mutated(random, proof, root, of_root=None))
    for round_ in range(MUTATIONS):
        other_proof, other_root = mutated(random, proof, root, of_root=round_ < SIGNATURES)
        with pytest.raises((ValueError, KeyError, TypeError)):
            check(other_proof, other_root)


def mutated(random, proof, root, *, of_root):
    """One character of one field is another, or one hash of the path is lost or doubled.

    Args:
        of_root: Whether the root is changed, or the proof; `None` changes nothing.
    """
    proof, root = json.loads(json.dumps(proof)), dict(root)
    if of_root is None:
        return proof, root
    where = root if of_root else random.choice([proof, proof["values"]])
    name = random.choice(list(where))
    if name == "proof":
        place = random.randrange(len(where[name]))
        where[name][place : place + 1] = random.choice(
            [[], where[name][place : place + 1] * 2, [changed(random, where[name][place])]]
        )
    elif name in ("old", "new"):
        where[name] = where[name] | {"note": "Another"}
    elif name == "values":
        where[name]["new"]["reason"] = "terms"
    elif isinstance(where[name], int):
        where[name] += random.choice([-1, 1, 7])
    else:
        where[name] = changed(random, where[name])
    return proof, root


def changed(random, text):
    place = random.randrange(len(text))
    others = [letter for letter in "0123456789abcdef" if letter != text[place]]
    return text[:place] + random.choice(others) + text[place + 1 :]


def test_what_is_not_in_the_root_is_not_proved(kofi):
    root = roots.sign_root()
    edit.change(kofi.id, {"first_name": "Kobina"}, by=SOMEBODY)
    log.catch_up()
    for number in (3, 4):
        with pytest.raises(NoSuchEntry):
            inclusion.prove(kofi.subject, number, root)


def test_the_proof_of_the_command_is_checked_by_the_program(book, kofi, tmp_path):
    kofi_id = str(kofi.id)
    db.session.rollback()
    (tmp_path / "root").write_text(run(book, "history", "anchor")[1])
    words = ["history", "prove", "customer", kofi_id, "2", "--root", str(tmp_path / "root")]
    status, output = run(book, *words)
    assert status == 0, output
    (tmp_path / "proof").write_text(output)
    key = run(book, "history", "public-key")[1].strip()
    said = [sys.executable, "-I", str(PROGRAM), tmp_path / "proof", tmp_path / "root", key]
    done = subprocess.run(said, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("Proved. In the history of "), done.stderr
    assert '"kind": "blacklisted"' in done.stdout
    other = subprocess.run([*said[:-1], key[::-1]], capture_output=True, text=True, check=False)
    assert (other.returncode, "not signed by this key" in other.stderr) == (1, True)


def test_the_program_is_short_and_needs_nothing_of_ours():
    text = PROGRAM.read_text()
    assert len(text.splitlines()) <= 100
    assert {line for line in text.splitlines() if line.startswith(("import", "from"))} == {
        "import json",
        "import sys",
        "from hashlib import sha256, sha512",
    }


def test_it_agrees_with_ours_about_inclusion(verifier):
    hashes = [merkle.leaf_hash(str(number).encode()) for number in range(70)]
    for size in (1, 2, 3, 7, 8, 9, 70):
        leaf, place = hashes[size - 1], size - 1
        node = nodes_over(hashes)
        path = merkle.inclusion_proof(node, place, size)
        assert verifier["root_of"](leaf, place, size, path) == merkle.root(node, size)

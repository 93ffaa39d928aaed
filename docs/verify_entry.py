"""Checks, without Gatebook, that an entry stood in the history when a root of it was signed.

    python3 verify_entry.py PROOF [ROOT [PUBLIC_KEY]]

PROOF is what `history prove` printed, or the evidence of a case; ROOT ends in a root, if PROOF has
none; PUBLIC_KEY is what `history public-key` printed. The signature is Ed25519 (RFC 8032), the tree
that of RFC 9162; values are bound to their entry by SHA-256 over salt and canonical JSON.
"""

import json
import sys
from hashlib import sha256, sha512

P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT_OF_MINUS_ONE = -121665 * pow(121666, P - 2, P) % P, pow(2, (P - 1) // 4, P)


def added(p, q):
    """Two points of the curve, in extended coordinates (RFC 8032 §5.1.4)."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    total = (0, 1, 1, 0)
    while number:
        total = added(total, point) if number & 1 else total
        point, number = added(point, point), number >> 1
    return total


def point_of(octets):
    y, sign = int.from_bytes(octets, "little") & (1 << 255) - 1, octets[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("not a point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def is_signed(content, signature, key):
    """Whether the owner of a public key signed this (RFC 8032 §5.1.7)."""
    first, second = signature[:32], int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or second >= Q:
        return False
    number = int.from_bytes(sha512(first + key + content).digest(), "little") % Q
    base = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    one, other = times(second, base), added(point_of(first), times(number, point_of(key)))
    return all((one[n] * other[2] - other[n] * one[2]) % P == 0 for n in (0, 1))


def root_of(leaf, place, size, proof):
    """The root to which a proof leads from a leaf (RFC 9162 §2.1.3.2); none if it does not fit."""
    last, computed = size - 1, leaf
    for one in proof:
        if last == 0:
            return None
        is_right = place & 1 or place == last
        computed = sha256(b"\x01" + (one + computed if is_right else computed + one)).digest()
        while is_right and not place & 1 and place:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
    return computed if last == 0 else None


def canonical(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def check(proof, root, public_key=None):
    """The entry and its new values; raises ValueError if they are not proved."""
    leaf = sha256(b"\x00" + proof["entry"].encode()).digest()
    size, place, path = root["size"], proof["event"], map(bytes.fromhex, proof["proof"])
    is_placed = 0 <= place < size == proof["size"]
    if not is_placed or root_of(leaf, place, size, path) != bytes.fromhex(root["root"]):
        raise ValueError("the entry does not stand in the history of this root")
    said = canonical({name: root[name] for name in root if name not in ("key", "signature")})
    signature, key = (bytes.fromhex(root[name]) for name in ("signature", "key"))
    if public_key not in (None, root["key"]) or not is_signed(said, signature, key):
        raise ValueError("the root is not signed by this key")
    entry, values = json.loads(proof["entry"]), proof["values"]
    if values is None:
        return entry, None
    bound = bytes.fromhex(values["salt"]) + canonical([values["old"], values["new"]])
    if sha256(bound).hexdigest() != entry["digest"]:
        raise ValueError("the values are not those of the entry")
    return entry, values["new"]


if __name__ == "__main__":
    document = json.loads(open(sys.argv[1]).read())
    root = json.loads(open(sys.argv[2]).readlines()[-1]) if sys.argv[2:] else document["root"]
    for one in document.get("proofs", [document]):
        entry, new = check(one, root, *sys.argv[3:4])
        print(f"Proved. In the history of {root['at']} stood: {json.dumps(entry, indent=1)}")
        print(f"New values: {json.dumps(new, indent=1) if new else 'erased, or none'}")

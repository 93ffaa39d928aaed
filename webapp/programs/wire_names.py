"""What programs call the details of a customer, where it is not what the rules call them."""

from collections.abc import Iterable

WIRE_NAMES = {
    "first_name": "firstName",
    "last_name": "lastName",
    "country": "countryCode",
    "dial_code": "countryCode",
    "birthday": "dateOfBirth",
    "blacklisted": "blacklist",
}


def on_the_wire(names: Iterable[str]) -> list[str]:
    return [WIRE_NAMES.get(name, name) for name in names]

"""What everything that programs send and receive has in common: its names, and a longest header."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

# What the rules call a field, and what the wire calls it.
RULE_NAMES = {"country_code": "country"}
WIRE_NAMES = {
    "first_name": "firstName",
    "last_name": "lastName",
    "country": "countryCode",
    "dial_code": "countryCode",
}
MAX_HEADER_LENGTH = 500


class Wire(BaseModel):
    """Names in camelCase; a value is taken as it is."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

"""What all bodies and answers of the API share: their names, and the maximum header length."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

# Names of fields in the rules, and on the wire.
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

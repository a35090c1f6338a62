"""By which marks a supplier is known: keys that are the same however a name or a number is printed.

A key is `<kind>:<normal form>`. The gateway looks suppliers up by keys, the engine finds keys on pages.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

LONGEST_KEY = 120
MOST_KEYS_OF_A_PAGE = 250
# A document names its supplier on its first pages.
PAGES_WITH_KEYS = 5

TAX_ID = "taxId"
IBAN = "iban"
NAME = "name"

_SHORTEST_NAME = 4
_SHORTEST_NUMBER = 6
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ı": "i"})
# Characters that recognition confuses; all spellings of a name fold alike.
_LOOK_ALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "8": "b"})


def name_key(name: str) -> str | None:
    """The key of a company's name; None for a text too short to tell companies apart."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    letters = "".join(c for c in folded if c.isalnum())
    if len(letters) < _SHORTEST_NAME or not any(c.isalpha() for c in letters):
        return None
    return f"{NAME}:{letters.translate(_LOOK_ALIKES)}"[:LONGEST_KEY]


def tax_id_key(number: str) -> str | None:
    """The key of a tax id; None for a text with too few characters for one."""
    return _number_key(TAX_ID, number)


def iban_key(number: str) -> str | None:
    """The key of an account number; None for a text with too few characters for one."""
    return _number_key(IBAN, number)


def supplier_keys(invoice: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys of the supplier of an `extractedData.invoice`, the surest first; none if it names none."""
    supplier = invoice.get("supplier") or {}
    tax_id, name = supplier.get("taxId"), supplier.get("name")
    keys = (tax_id_key(tax_id) if tax_id else None, name_key(name) if name else None)
    return tuple(key for key in keys if key is not None)


def compact(number: str) -> str:
    """A number as it is compared: its letters, in capitals, and digits."""
    return "".join(c for c in unicodedata.normalize("NFKC", number).upper() if c.isalnum())


def _number_key(kind: str, number: str) -> str | None:
    bare = compact(number)
    if len(bare) < _SHORTEST_NUMBER or not any(c.isdigit() for c in bare):
        return None
    return f"{kind}:{bare}"[:LONGEST_KEY]

"""Runs of digits, numbers of invoices and articles, identifiers of firms and banks, ways to reach a firm.

In patterns, # stands for a digit, L for a capital, l for a small letter, and ? for a capital or a digit.
Those who number things leave out the capitals that are easily taken for digits; so do L and ?, since a reader
of letters that look alike must go by what stands around them. ^ stands for any capital.
"""

from __future__ import annotations

import random
import string

PREFIXES = (
    "", "", "", "", "INV-", "RE-", "#", "No. ", "SKU ", "Nr. ", "F", "CS", "T", "R", "A/", "POS", "n° ",
)  # fmt: skip
IDENTIFIERS = (
    "DE## #### #### #### #### ##", "GB##LLLL##############", "FR## #### #### #### #### #### ###",
    "NL## LLLL #### #### ##", "ES## #### #### #### #### ####", "DE#########", "ATU########",
    "FR ## #########", "NL#########B##", "GB ### #### ##", "ESL########", "IT###########", "PL ##########",
    "^^^^DE^^XXX", "^^^^FR^^", "^^^^^^2LXXX", "###-###-##-##", "##/###/#####", "HRB ######", "(######-L)",
    "(GST ID: ############)", "GST No: ############", "XXXX XXXX XXXX ####", "############", "#############",
    "### ### ### #####", "BE####.###.###", "CHE-###.###.### MWST", "RCS Llllll ### ### ###",
)  # fmt: skip
PHONES = (
    "+## ## ### ####", "0##-######", "(0##) ### ## ##", "+##(0)### #######", "0#-#### ####", "0## ### ## ##",
    "01## / #######", "+## # ## ## ## ##",
)  # fmt: skip
PHONE_LABELS = ("Tel", "TEL", "Tel.", "Phone", "Fax", "Telefon", "Tél.")
ENDINGS = ("de", "com", "fr", "co.uk", "nl", "it", "es", "pl", "eu", "org", "com.my")
SHORT = (
    "1", "x", "EUR", "€", "%", "-", "No", "Nr.", "Qty", "A", "B", "C", "T", "SR", "RM", "0", "*", "VAT", "/",
)  # fmt: skip
CAPITALS = "".join(letter for letter in string.ascii_uppercase if letter not in "OIQ")
DRAWN = {
    "#": string.digits,
    "^": string.ascii_uppercase,
    "L": CAPITALS,
    "l": string.ascii_lowercase,
    "?": CAPITALS + string.digits,
}


def filled(rng: random.Random, pattern: str) -> str:
    """The pattern with a sign drawn for each place; other signs stay as they are."""
    return "".join(rng.choice(DRAWN[sign]) if sign in DRAWN else sign for sign in pattern)


def digits_of(rng: random.Random, count: int) -> str:
    """That many digits."""
    return filled(rng, "#" * count)


def digits(rng: random.Random) -> str:
    """One to fifteen digits."""
    return digits_of(rng, rng.randrange(1, 16))


def short(rng: random.Random) -> str:
    """What fills a narrow column: a unit, a sign, up to three digits."""
    return rng.choice(SHORT) if rng.random() < 0.5 else digits_of(rng, rng.randrange(1, 4))


def ruler(rng: random.Random) -> str:
    """A row of one sign, as tills part their sections."""
    return rng.choice("-=*_.") * rng.randrange(3, 12)


def code(rng: random.Random) -> str:
    """The number of an invoice, a customer or an article."""
    length = rng.randrange(2, 13)
    pattern = "".join(rng.choice("####L?") for _ in range(length)) if rng.random() < 0.4 else "#" * length
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        place = rng.randrange(1, len(pattern) + 1)
        pattern = pattern[:place] + rng.choice("-/-. _:") + pattern[place:]
    return rng.choice(PREFIXES) + filled(rng, pattern).strip()


def identifier(rng: random.Random) -> str:
    """What looks like an IBAN, a VAT number, a register's or a bar code's number."""
    return filled(rng, rng.choice(IDENTIFIERS))


def contact(rng: random.Random) -> str:
    """A mail address, a web address or a telephone number."""
    name = filled(rng, "l" * rng.randrange(3, 10))
    host = filled(rng, "l" * rng.randrange(3, 11)) + "." + rng.choice(ENDINGS)
    phone = filled(rng, rng.choice(PHONES))
    label = rng.choice(PHONE_LABELS) + rng.choice((": ", " ", ":", " : "))
    return rng.choice((f"{name}@{host}", f"www.{host}", f"https://{host}/{name}", label + phone, phone))

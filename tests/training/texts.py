"""What stands on lines of invoices and receipts, drawn at random.

Amounts, numbers, dates and codes are made of random digits; words come from frequency lists of many languages;
a part is plain random signs, so that the reader learns to see rather than to guess.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Mapping, Sequence

LATIN_LANGUAGES = (
    "en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs", "sk", "hu", "ro", "sl", "lt",
    "lv", "tr", "ca", "is", "ms",
)  # fmt: skip
COMMON_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl")
TILL_LANGUAGES = ("en", "en", "ms", "de", "fr")
FOREIGN_LANGUAGES = ("ru", "el", "zh", "ja", "ko", "uk", "bg", "ar", "he", "hi")
CURRENCIES = (
    "€",
    "$",
    "£",
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "zł",
    "PLN",
    "kr",
    "SEK",
    "Kč",
    "Ft",
    "RM",
    "R$",
    "¥",
)
UNITS = (
    "Stk",
    "Stück",
    "pcs",
    "pc",
    "kg",
    "g",
    "h",
    "Std",
    "ml",
    "cl",
    "l",
    "m",
    "m²",
    "cm",
    "km",
    "kWh",
    "x",
    "%",
)
SHORT = (
    "1",
    "x",
    "EUR",
    "€",
    "%",
    "-",
    "No",
    "Nr.",
    "Qty",
    "A",
    "B",
    "C",
    "T",
    "SR",
    "RM",
    "0",
    "*",
    "VAT",
    "/",
)
LABELS = (
    "Total", "TOTAL", "Subtotal", "Sub-Total", "Tax", "VAT", "GST", "MwSt.", "USt-IdNr.", "TVA", "IVA", "BTW",
    "Date", "Datum", "Invoice No.", "Rechnungs-Nr.", "Facture n°", "Factura", "Fattura", "Faktura nr", "Tel",
    "Fax", "IBAN", "BIC", "Cash", "Change", "Amount", "Betrag", "Summe", "Montant", "Importe", "Bill To", "Qty",
    "Due", "Zahlbar bis", "Kundennummer", "Page", "Seite", "Time", "Receipt", "Cashier", "Table", "Ref", "Art.-Nr.",
    "Unit Price", "Einzelpreis", "Discount", "Rabatt", "Netto", "Brutto", "HT", "TTC", "Round", "Item(s)", "NIP",
)  # fmt: skip
SIGNS = string.ascii_letters + string.digits + string.punctuation


class TextMaker:
    """Draws texts; `words` are word lists by language (ISO 639-1), `rare` the signs that no list may hold."""

    def __init__(self, words: Mapping[str, Sequence[str]], rare: str) -> None:
        self._words = words
        self._rare = rare
        makers: list[tuple[int, Callable[[random.Random], str]]] = [
            (26, self._phrase),
            (16, self._sentence),
            (14, self._till),
            (14, _amount),
            (4, _priced),
            (6, _date),
            (8, _code),
            (4, _identifier),
            (3, _contact),
            (7, self._labelled),
            (5, self._item),
            (5, self._address),
            (5, _short),
            (2, self._random_signs),
            (2, _digits),
            (1, _ruler),
            (2, self._foreign),
        ]
        self._weights = [weight for weight, _ in makers]
        self._makers = [maker for _, maker in makers]

    def draw(self, rng: random.Random) -> str:
        """The text of one line; now and then two with a wide gap between them."""
        (maker,) = rng.choices(self._makers, self._weights)
        text = maker(rng)
        if rng.random() < 0.04:
            (maker,) = rng.choices(self._makers, self._weights)
            text += " " * rng.randrange(2, 8) + maker(rng)
        return text

    def word(self, rng: random.Random) -> str:
        """One word in any case."""
        language = rng.choice(COMMON_LANGUAGES if rng.random() < 0.93 else LATIN_LANGUAGES)
        listed = self._words[language]
        place = int(len(listed) * rng.random() ** 1.7)
        return _cased(rng, listed[min(place, len(listed) - 1)])

    def _phrase(self, rng: random.Random) -> str:
        style = rng.random()
        words = [self.word(rng) for _ in range(rng.choice((1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 5)))]
        if style < 0.25:
            words = [word.upper() for word in words]
        elif style < 0.5:
            words = [word.capitalize() for word in words]
        elif style < 0.7:
            words[0] = words[0].capitalize()
        return _punctuated(rng, words)

    def _sentence(self, rng: random.Random) -> str:
        """Terms and footers: many words, an amount or a date among them now and then."""
        words = [self.word(rng) for _ in range(rng.randrange(4, 10))]
        if rng.random() < 0.4:
            words[rng.randrange(len(words))] = rng.choice((_amount, _date, _digits, _code))(rng)
        text = _punctuated(rng, words)
        return text + "." if text[-1].isalnum() and rng.random() < 0.4 else text

    def _till(self, rng: random.Random) -> str:
        """Capitals as tills print them, a quantity, a price or a tax code behind them at times."""
        listed = self._words[rng.choice(TILL_LANGUAGES)]
        words = [
            listed[int(len(listed) * rng.random() ** 2)].upper()
            for _ in range(rng.choice((1, 1, 2, 2, 3, 4)))
        ]
        text = rng.choice((" ", " ", " ", "-", ". ", ", ", " & ", "/", " / ")).join(words)
        style = rng.random()
        if style < 0.15:
            text += rng.choice((" :", ":", ",", ".", " (RM)", " RM"))
        elif style < 0.3:
            text += " " + _amount(rng)
        elif style < 0.4:
            text = f"{rng.randrange(1, 30)}{rng.choice((' ', ' x ', ' X ', ' '))}{text}"
        elif style < 0.5:
            text = f"{rng.choice(('RM', 'RM ', '$', ''))}{rng.randrange(0, 400)}.{rng.randrange(100):02}{rng.choice(('', '', ' SR', ' S', ' ZRL'))}"
        return text

    def _labelled(self, rng: random.Random) -> str:
        label = rng.choice(LABELS) if rng.random() < 0.7 else self.word(rng).capitalize()
        maker = rng.choice((_amount, _date, _code, _digits, _amount))
        return label + rng.choice((": ", ":", " : ", " ", "  ", " # ", ". ")) + maker(rng)

    def _item(self, rng: random.Random) -> str:
        text = " ".join(self.word(rng) for _ in range(rng.choice((1, 1, 2, 3))))
        size = f"{rng.randrange(1, 1000)}{rng.choice(('', ' '))}{rng.choice(UNITS)}"
        code = _code(rng)
        return rng.choice(
            (
                f"{text} {size}",
                f"{rng.randrange(1, 60)} {text}",
                f"{code} {text}",
                f"{text} {_amount(rng)}",
                f"{rng.randrange(1, 20)} x {_amount(rng)}",
                f"{text} - {code}",
                f"{text} ({size})",
                f"{text}, {size}",
                f"{rng.randrange(1, 30)}. {text}",
            )
        )

    def _address(self, rng: random.Random) -> str:
        street, town = self.word(rng).capitalize(), self.word(rng).capitalize()
        number = (
            f"{rng.randrange(1, 300)}{rng.choice(('', '', '', 'a', ' B', '-' + str(rng.randrange(1, 99))))}"
        )
        post = rng.choice(("#####", "####", "## ###", "#####-###", "LL# #LL", "#### LL", "##-###"))
        code = _filled(rng, post)
        text = rng.choice(
            (
                f"{street}straße {number}",
                f"{street}str. {number}",
                f"{number} {street} Street",
                f"{number}, rue {street}",
                f"Via {street} {number}",
                f"ul. {street} {number}",
                f"No. {number}, Jalan {street} {rng.randrange(1, 40)}/{rng.randrange(1, 90)}",
                f"{code} {town}",
                f"{code} {town}",
                f"{town}, {code}",
                f"{street} {town} {rng.choice(('GmbH', 'Ltd', 'S.A.', 'SARL', 'BV', 'S.r.l.', 'Sp. z o.o.', 'AG', 'SDN BHD', 'Inc.'))}",
            )
        )
        return text.upper() if rng.random() < 0.2 else text

    def _random_signs(self, rng: random.Random) -> str:
        signs = SIGNS + self._rare * 2
        length = rng.randrange(2, 13)
        if rng.random() < 0.5:
            return "".join(rng.choice(signs) for _ in range(length))
        word = list(self.word(rng))
        for _ in range(rng.randrange(1, 4)):
            word.insert(rng.randrange(len(word) + 1), rng.choice(self._rare))
        return "".join(word)

    def _foreign(self, rng: random.Random) -> str:
        listed = self._words[rng.choice(FOREIGN_LANGUAGES)]
        words = [rng.choice(listed) for _ in range(rng.choice((1, 1, 2)))]
        if rng.random() < 0.25:
            words[rng.randrange(len(words))] = chr(rng.randrange(0x2190, 0x2700))
        if rng.random() < 0.3:
            words.insert(rng.randrange(len(words) + 1), rng.choice((_amount, _date, _digits))(rng))
        text = " ".join(words)
        return text.upper() if rng.random() < 0.3 else text


def _cased(rng: random.Random, word: str) -> str:
    style = rng.random()
    if style < 0.3:
        return word.capitalize()
    return word.upper() if style < 0.42 else word


def _punctuated(rng: random.Random, words: list[str]) -> str:
    style = rng.random()
    if style < 0.55:
        return " ".join(words)
    if style < 0.62:
        return " ".join(words) + rng.choice(".:,;!?")
    if style < 0.66:
        return "(" + " ".join(words) + ")"
    if style < 0.69:
        opening, closing = rng.choice(('""', "“”", "„“", "«»", "''", "‘’", "[]", "**"))
        return opening + " ".join(words) + closing
    text = words[0]
    for word in words[1:]:
        text += (
            rng.choice(
                (" ", " ", " ", " ", ", ", ". ", "-", " - ", "/", " & ", ": ", " – ", "'", "; ", " + ", "|")
            )
            + word
        )
    return text


def _whole(rng: random.Random) -> int:
    return rng.randrange(10 ** rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6)))


def _amount(rng: random.Random) -> str:
    thousands, point = rng.choice(
        (("", "."), ("", "."), (",", "."), ("", ","), (".", ","), (" ", ","), ("'", "."))
    )
    number = f"{_whole(rng):,}".replace(",", thousands)
    style = rng.random()
    if style < 0.88:
        number += point + _digits_of(rng, rng.choice((2, 2, 2, 2, 2, 3, 1, 4)))
    elif style < 0.91:
        number += point + "-"
    sign = rng.random()
    if sign < 0.07:
        number = "-" + number
    elif sign < 0.09:
        number = number + "-"
    elif sign < 0.11:
        number = f"({number})"
    elif sign < 0.13:
        number = "+" + number
    money = rng.random()
    if money < 0.14:
        number += rng.choice((" ", "")) + rng.choice(CURRENCIES)
    elif money < 0.28:
        number = rng.choice(CURRENCIES) + rng.choice((" ", "", "")) + number
    elif money < 0.33:
        number += rng.choice((" ", "")) + "%"
    elif money < 0.37:
        number += rng.choice((" A", " B", "A", "*", " SR", " T", " S", " =", " ZRL", " 1"))
    return number


def _priced(rng: random.Random) -> str:
    return f"{rng.randrange(1, 100)}{rng.choice((' x ', ' X ', 'x', ' × ', ' @ ', '*', ' '))}{_amount(rng)}{rng.choice(('', ' ' + _amount(rng)))}"


MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Januar", "März", "Juli",
    "Dezember", "janvier", "février", "août", "décembre", "enero", "marzo", "agosto", "gennaio", "luglio",
    "January", "February", "March", "June", "September", "October", "November", "December", "maart", "stycznia",
)  # fmt: skip


def _date(rng: random.Random) -> str:
    day, month, year = rng.randrange(1, 32), rng.randrange(1, 13), rng.randrange(1990, 2040)
    sign = rng.choice(("/", ".", "-", "/", ".", " ", ". "))
    name = rng.choice(MONTHS)
    text = rng.choice(
        (
            f"{day:02}{sign}{month:02}{sign}{year}",
            f"{day:02}{sign}{month:02}{sign}{year % 100:02}",
            f"{year}-{month:02}-{day:02}",
            f"{month}/{day}/{year}",
            f"{day}{sign}{month}{sign}{year}",
            f"{day} {name} {year}",
            f"{day}. {name} {year}",
            f"{name} {day}, {year}",
            f"{day:02}-{name.upper()[:3]}-{year}",
            f"{year}",
        )
    )
    if rng.random() < 0.3:
        hour, minute, second = rng.randrange(24), rng.randrange(60), rng.randrange(60)
        text += rng.choice((" ", "  ", ", ", " - ")) + rng.choice(
            (
                f"{hour:02}:{minute:02}",
                f"{hour:02}:{minute:02}:{second:02}",
                f"{hour % 12 + 1}:{minute:02} {rng.choice(('AM', 'PM', 'am', 'pm'))}",
                f"{hour:02}:{minute:02}:{second:02}{rng.choice(('AM', 'PM', ' Uhr', 'h'))}",
            )
        )
    return text


def _filled(rng: random.Random, pattern: str) -> str:
    drawn = {
        "#": string.digits,
        "L": string.ascii_uppercase,
        "l": string.ascii_lowercase,
        "?": string.ascii_uppercase + string.digits,
    }
    return "".join(rng.choice(drawn[sign]) if sign in drawn else sign for sign in pattern)


def _code(rng: random.Random) -> str:
    length = rng.randrange(2, 13)
    pattern = "".join(rng.choice("####L?") for _ in range(length)) if rng.random() < 0.4 else "#" * length
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        place = rng.randrange(1, len(pattern) + 1)
        pattern = pattern[:place] + rng.choice("-/-. _:") + pattern[place:]
    prefix = rng.choice(
        ("", "", "", "", "INV-", "RE-", "#", "No. ", "SKU ", "Nr. ", "F", "CS", "T", "R", "A/", "POS", "n° ")
    )
    return prefix + _filled(rng, pattern).strip()


def _identifier(rng: random.Random) -> str:
    return _filled(
        rng,
        rng.choice(
            (
                "DE## #### #### #### #### ##",
                "GB##LLLL##############",
                "FR## #### #### #### #### #### ###",
                "NL## LLLL #### #### ##",
                "ES## #### #### #### #### ####",
                "DE#########",
                "ATU########",
                "FR ## #########",
                "NL#########B##",
                "GB ### #### ##",
                "ESL########",
                "IT###########",
                "PL ##########",
                "LLLLDELLXXX",
                "LLLLFRLL",
                "LLLLLL2LXXX",
                "###-###-##-##",
                "##/###/#####",
                "HRB ######",
                "(######-L)",
                "(GST ID: ############)",
                "GST No: ############",
                "XXXX XXXX XXXX ####",
                "############",
                "#############",
                "### ### ### #####",
                "BE####.###.###",
                "CHE-###.###.### MWST",
                "RCS Llllll ### ### ###",
            )  # fmt: skip
        ),
    )


def _contact(rng: random.Random) -> str:
    name = _filled(rng, "l" * rng.randrange(3, 10))
    host = _filled(rng, "l" * rng.randrange(3, 11))
    ending = rng.choice(("de", "com", "fr", "co.uk", "nl", "it", "es", "pl", "eu", "org", "com.my"))
    phone = rng.choice(
        (
            "+## ## ### ####",
            "0##-######",
            "(0##) ### ## ##",
            "+##(0)### #######",
            "0#-#### ####",
            "0## ### ## ##",
            "01## / #######",
            "+## # ## ## ## ##",
        )
    )
    return rng.choice(
        (
            f"{name}@{host}.{ending}",
            f"www.{host}.{ending}",
            f"https://{host}.{ending}/{name}",
            f"{rng.choice(('Tel', 'TEL', 'Tel.', 'Phone', 'Fax', 'Telefon', 'Tél.'))}{rng.choice((': ', ' ', ':', ' : '))}{_filled(rng, phone)}",
            _filled(rng, phone),
        )
    )


def _short(rng: random.Random) -> str:
    return rng.choice(SHORT) if rng.random() < 0.5 else _digits_of(rng, rng.randrange(1, 4))


def _digits(rng: random.Random) -> str:
    return _digits_of(rng, rng.randrange(1, 16))


def _digits_of(rng: random.Random, count: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(count))


def _ruler(rng: random.Random) -> str:
    return rng.choice("-=*_.") * rng.randrange(3, 12)

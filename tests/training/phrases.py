"""Lines that are made of words: descriptions, terms, what tills print, labels with values, addresses."""

from __future__ import annotations

import random
import string

from tests.training.amounts import amount, date
from tests.training.codes import code, digits, filled
from tests.training.words import Vocabulary

LABELS = (
    "Total", "TOTAL", "Subtotal", "Sub-Total", "Tax", "VAT", "GST", "MwSt.", "USt-IdNr.", "TVA", "IVA", "BTW",
    "Date", "Datum", "Invoice No.", "Rechnungs-Nr.", "Facture n°", "Factura", "Fattura", "Faktura nr", "Tel",
    "Fax", "IBAN", "BIC", "Cash", "Change", "Amount", "Betrag", "Summe", "Montant", "Importe", "Bill To",
    "Qty", "Due", "Zahlbar bis", "Kundennummer", "Page", "Seite", "Time", "Receipt", "Cashier", "Table",
    "Ref", "Art.-Nr.", "Unit Price", "Einzelpreis", "Discount", "Rabatt", "Netto", "Brutto", "HT", "TTC",
    "Round", "Item(s)", "NIP",
)  # fmt: skip
UNITS = (
    "Stk", "Stück", "pcs", "pc", "kg", "g", "h", "Std", "ml", "cl", "l", "m", "m²", "cm", "km", "kWh", "x",
    "%",
)  # fmt: skip
LEGAL_FORMS = ("GmbH", "Ltd", "S.A.", "SARL", "BV", "S.r.l.", "Sp. z o.o.", "AG", "SDN BHD", "Inc.")
POSTCODES = ("#####", "####", "## ###", "#####-###", "LL# #LL", "#### LL", "##-###")
QUOTES = ('"{}"', "“{}”", "„{}“", "«{}»", "'{}'", "‘{}’", "[{}]", "*{}*")
JOINTS = (
    " ", " ", " ", " ", ", ", ". ", "-", "-", " - ", " - ", " - ", "/", " & ", ": ", " – ", "'", "; ", " + ",
    "|",
)  # fmt: skip
TILL_JOINTS = (" ", " ", " ", "-", ". ", ", ", " & ", "/", " / ")
SIGNS = string.ascii_letters + string.digits + string.punctuation


class Phrases:
    """Draws lines of words of a vocabulary; `rare` are signs that no word may hold."""

    def __init__(self, vocabulary: Vocabulary, rare: str) -> None:
        self._vocabulary = vocabulary
        self._rare = rare

    def phrase(self, rng: random.Random) -> str:
        """One to five words, in one case or as they come."""
        style = rng.random()
        words = self._words(rng, rng.choice((1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 5)))
        if style < 0.25:
            words = [word.upper() for word in words]
        elif style < 0.5:
            words = [word.capitalize() for word in words]
        elif style < 0.7:
            words[0] = words[0].capitalize()
        return _punctuated(rng, words)

    def sentence(self, rng: random.Random) -> str:
        """Terms and footers: many words, an amount or a date among them now and then."""
        words = self._words(rng, rng.randrange(4, 10))
        if rng.random() < 0.4:
            words[rng.randrange(len(words))] = rng.choice((amount, date, digits, code))(rng)
        text = _punctuated(rng, words)
        return text + "." if text[-1].isalnum() and rng.random() < 0.4 else text

    def till(self, rng: random.Random) -> str:
        """Capitals as tills print them, a quantity, a price or a tax code beside them at times."""
        text = rng.choice(TILL_JOINTS).join(self._vocabulary.till_words(rng, rng.choice((1, 1, 2, 2, 3, 4))))
        style = rng.random()
        if style < 0.15:
            return text + rng.choice((" :", ":", ",", ".", " (RM)", " RM"))
        if style < 0.3:
            return f"{text} {amount(rng)}"
        if style < 0.4:
            return f"{rng.randrange(1, 30)}{rng.choice((' ', ' x ', ' X ', ' '))}{text}"
        if style < 0.5:
            currency, tax = rng.choice(("RM", "RM ", "$", "")), rng.choice(("", "", " SR", " S", " ZRL"))
            return f"{currency}{rng.randrange(0, 400)}.{rng.randrange(100):02}{tax}"
        return text

    def labelled(self, rng: random.Random) -> str:
        """A label and its value."""
        label = rng.choice(LABELS) if rng.random() < 0.7 else self._name(rng)
        value = rng.choice((amount, date, code, digits, amount))(rng)
        return label + rng.choice((": ", ":", " : ", " ", "  ", " # ", ". ")) + value

    def item(self, rng: random.Random) -> str:
        """What was bought, with its size, quantity, number or price."""
        text = " ".join(self._words(rng, rng.choice((1, 1, 2, 3))))
        size = f"{rng.randrange(1, 1000)}{rng.choice(('', ' '))}{rng.choice(UNITS)}"
        number = code(rng)
        return rng.choice(
            (
                f"{text} {size}",
                f"{rng.randrange(1, 60)} {text}",
                f"{number} {text}",
                f"{text} {amount(rng)}",
                f"{rng.randrange(1, 20)} x {amount(rng)}",
                f"{text} - {number}",
                f"{text} ({size})",
                f"{text}, {size}",
                f"{rng.randrange(1, 30)}. {text}",
            )
        )

    def address(self, rng: random.Random) -> str:
        """A line of an address: a street, a town, or a firm."""
        street, town = self._name(rng), self._name(rng)
        suffix = rng.choice(("", "", "", "a", " B", f"-{rng.randrange(1, 99)}"))
        number = f"{rng.randrange(1, 300)}{suffix}"
        postcode = filled(rng, rng.choice(POSTCODES))
        text = rng.choice(
            (
                f"{street}straße {number}",
                f"{street}str. {number}",
                f"{number} {street} Street",
                f"{number}, rue {street}",
                f"Via {street} {number}",
                f"ul. {street} {number}",
                f"No. {number}, Jalan {street} {rng.randrange(1, 40)}/{rng.randrange(1, 90)}",
                f"{postcode} {town}",
                f"{postcode} {town}",
                f"{town}, {postcode}",
                f"{street} {town} {rng.choice(LEGAL_FORMS)}",
            )
        )
        return text.upper() if rng.random() < 0.35 else text

    def random_signs(self, rng: random.Random) -> str:
        """Signs that make no sense, or a word with rare signs in it."""
        if rng.random() < 0.5:
            signs = SIGNS + self._rare * 2
            return "".join(rng.choice(signs) for _ in range(rng.randrange(2, 13)))
        word = list(self._vocabulary.word(rng))
        for _ in range(rng.randrange(1, 4)):
            word.insert(rng.randrange(len(word) + 1), rng.choice(self._rare))
        return "".join(word)

    def foreign(self, rng: random.Random) -> str:
        """Words of another script, with an arrow, a symbol or a number at times."""
        words = self._vocabulary.foreign_words(rng, rng.choice((1, 1, 2)))
        if rng.random() < 0.25:
            words[rng.randrange(len(words))] = chr(rng.randrange(0x2190, 0x2700))
        if rng.random() < 0.3:
            words.insert(rng.randrange(len(words) + 1), rng.choice((amount, date, digits))(rng))
        text = " ".join(words)
        return text.upper() if rng.random() < 0.3 else text

    def _words(self, rng: random.Random, count: int) -> list[str]:
        return [self._vocabulary.word(rng) for _ in range(count)]

    def _name(self, rng: random.Random) -> str:
        return self._vocabulary.word(rng).capitalize()


def _punctuated(rng: random.Random, words: list[str]) -> str:
    style = rng.random()
    text = " ".join(words)
    if style < 0.55:
        return text
    if style < 0.62:
        return text + rng.choice(".:,;!?")
    if style < 0.66:
        return f"({text})"
    if style < 0.69:
        return rng.choice(QUOTES).format(text)
    return words[0] + "".join(rng.choice(JOINTS) + word for word in words[1:])

"""Regular expressions made of the vocabulary's words: currencies, streets, banks, trades, legal forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_SHORT_FORM = 2


def currency_expression(forms: Iterable[str]) -> str:
    """Codes and names only as whole words ("RM12" counts), symbols anywhere.

    What is asked of the character before a word is asked once: alternatives that begin with a letter are
    told apart at once, those that begin with a condition one by one.
    """
    words: list[str] = []
    symbols: list[str] = []
    for form in sorted(forms, key=len, reverse=True):
        after = r"(?![^\W\d_])" if form[-1].isalpha() else ""
        (words if form[0].isalpha() else symbols).append(re.escape(form) + after)
    return "|".join([rf"(?<![^\W\d_])(?:{'|'.join(words)})", *symbols])


def alternatives(phrases: Iterable[str]) -> str:
    return "|".join(re.escape(p).replace(r"\ ", r"\s?") for p in sorted(phrases, key=len, reverse=True))


def bank_names(names: Iterable[str]) -> re.Pattern[str]:
    """Matches a bank's name, in which the last part may end another word ("Kantonalbank")."""
    return re.compile(rf"(?:bank|kasse)(?!\w)|(?<!\w)(?:{alternatives(names)})(?!\w)", re.IGNORECASE)


def professions(names: Iterable[str]) -> re.Pattern[str]:
    """Matches one profession, or several of them: "Rechtsanwälte & Notare"."""
    one = rf"(?:{alternatives(names)})(?!\w)"
    return re.compile(rf"{one}(?:\s*(?:[&,·|+–-]|und|and|et|y|e|en|i)?\s*{one})*", re.IGNORECASE)


def trades(companies: Mapping[str, list[str]]) -> re.Pattern[str]:
    """Matches a trade or profession, also as the end of a compound ("Landbäckerei")."""
    names = [*companies["trades"], *companies["professions"]]
    endings = alternatives(companies["tradeEndings"])
    return re.compile(rf"(?<!\w)(?:{alternatives(names)}|\w*(?:{endings}))(?!\w)", re.IGNORECASE)


def desk_lines(companies: Mapping[str, list[str]]) -> re.Pattern[str]:
    """Matches a line with a desk of a company or a remark and nothing else: "Buchhaltung", "Vertraulich"."""
    lines = [*companies["desks"], *companies["addressed"], *companies["remarks"]]
    desk = rf"(?:{alternatives(lines)})"
    department = rf"(?:{alternatives(companies['departments'])})\s.+"
    return re.compile(rf"^\W*(?:{desk}(?:\s*[/&+]\s*\w+)?|{department})\W*$", re.IGNORECASE)


def street_lines(words: Mapping[str, list[str]]) -> re.Pattern[str]:
    """Matches a line that holds a street and nothing else: its kind, its name, mostly its house number."""
    number = r"\d+(?:\s?[-/–]\s?\d+)?\s?[a-z]?"
    endings = rf"[\w .'’-]*(?:{alternatives(words['endings'])})\s*{number}"
    ahead = r"(?:\d+\s*(?:bis|ter|[a-z])?[\s,]+)?"
    before = rf"{ahead}(?:{alternatives(words['before'])})\s.*"
    unsure = alternatives(words["beforeNumbered"])
    numbered = rf"(?:{unsure})\s.*?\s{number}|\d.*?\s(?:{unsure})\s.*"
    behind = rf"(?:{number}[\s,]+)?[\w .'’-]*\s(?:{alternatives(words['behind'])})(?:[\s,]+{number})?"
    return re.compile(rf"^\s*(?:{endings}|{before}|{numbered}|{behind})\s*$", re.IGNORECASE)


def place_words(streets: Mapping[str, list[str]], places: list[str]) -> re.Pattern[str]:
    """Matches a word that a line of an address has: the kind of a street, a building, a part of a town."""
    words = [*streets["before"], *streets["behind"], *places]
    return re.compile(rf"(?<!\w)(?:{alternatives(words)})(?!\w)", re.IGNORECASE)


def whole_words(phrases: Iterable[str]) -> re.Pattern[str]:
    """Matches a legal form as printed or in capitals, never inside another word."""
    phrases = list(phrases)
    # "EG" is more often a floor than a cooperative, "SE" and "AB" are printed in capitals anyway.
    every = {*phrases, *(phrase.upper() for phrase in phrases if len(phrase) > _SHORT_FORM)}
    # In "Kilbride, Co. Wicklow", and at the beginning of a line, it is a county.
    county = r"(?!(?:(?<=, )|(?<!.))Co\.? [A-Z][a-z])"
    return re.compile(rf"(?<![\w./-]){county}(?:{alternatives(every)})(?![\w/])")

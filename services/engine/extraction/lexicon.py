"""The vocabulary of invoices: which printed words mean what, in which language.

The words lie in `vocabulary/*.toml`, one file per language (its name is the ISO 639-1 code) and
`general.toml` for what no language changes. A file may be extended without touching code.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from services.engine.extraction.lexicon_patterns import (
    alternatives,
    bank_names,
    currency_expression,
    desk_lines,
    place_words,
    professions,
    street_lines,
    trades,
    whole_words,
)
from services.engine.extraction.sentences import SentenceWords
from services.engine.extraction.text import key_of, plain

_SECTIONS = ("labels", "columns", "kinds")
# What a document of these kinds is called stands before its number: "Facture de solde F2405-17".
_TITLED = ("invoice", "creditNote")
_SHORTEST_STEM = 3
# Below this length one wrong character too often makes another word.
_SHORTEST_NEAR = 7


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an entry stands for: `section` labels, columns or kinds; `concept` is a name in that section."""

    section: str
    concept: str
    language: str


@dataclass(frozen=True)
class Lexicon:
    """All vocabularies together; build it once with `load_lexicon` and pass it on.

    `entries` maps the key of a printed phrase to its meanings, `words` a plain word to languages,
    `months` a plain month name to 1..12, `currencies` a printed form to an ISO 4217 code, `countries`
    the plain name of a country to its ISO 3166 code, `sentences` a language to what its sentences say.
    `endings` are of compound words, which consist of letters only. `trade_names` are the keys of trades.
    """

    languages: tuple[str, ...]
    entries: Mapping[str, tuple[Meaning, ...]]
    words: Mapping[str, frozenset[str]]
    months: Mapping[str, int]
    currencies: Mapping[str, str]
    countries: Mapping[str, str]
    home_currency: Mapping[str, str]
    currency_pattern: re.Pattern[str]
    legal_form_pattern: re.Pattern[str]
    salutation_pattern: re.Pattern[str]
    desk_pattern: re.Pattern[str]
    country_pattern: re.Pattern[str]
    bank_pattern: re.Pattern[str]
    after_name_pattern: re.Pattern[str]
    street_pattern: re.Pattern[str]
    place_pattern: re.Pattern[str]
    owner_pattern: re.Pattern[str]
    profession_pattern: re.Pattern[str]
    trade_pattern: re.Pattern[str]
    longest_entry: int
    beginnings: frozenset[str]
    endings: tuple[tuple[str, tuple[Meaning, ...]], ...]
    every_ending: tuple[str, ...]
    ending_tails: frozenset[str]
    near: Mapping[str, str]
    sentences: Mapping[str, SentenceWords]
    trade_words: frozenset[str]
    trade_names: frozenset[str]

    def countries_in(self, text: str) -> list[str]:
        """The countries named in the text, as ISO 3166 codes in the order they are named."""
        return [self.countries[match[0]] for match in self.country_pattern.finditer(plain(text))]

    def may_end_compound(self, key: str) -> bool:
        """Whether a compound word that the vocabulary knows by its ending may end with this piece."""
        return key in self.ending_tails or key.endswith(self.every_ending)

    def ends_compound(self, key: str) -> bool:
        """Whether the key is, or is a compound of, one of the vocabulary's endings."""
        return key.endswith(self.every_ending)

    def sentences_in(self, languages: Iterable[str]) -> list[SentenceWords]:
        """What the sentences of these languages say; words of one's own are in no language."""
        return [self.sentences[language] for language in languages if language in self.sentences]

    def meanings(self, key: str, tolerant: bool) -> tuple[Meaning, ...]:
        """What a key stands for; `tolerant` also accepts a long entry with one wrong character."""
        found = self.entries.get(key)
        if found is not None:
            return found
        for ending, meanings in self.endings if key.endswith(self.every_ending) else ():
            if key.endswith(ending) and len(key) >= len(ending) + _SHORTEST_STEM and key.isalpha():
                return meanings
        if tolerant and len(key) >= _SHORTEST_NEAR:
            for variant in _without_one(key):
                near = self.near.get(variant)
                if near is not None and abs(len(near) - len(key)) <= 1:
                    return self.entries[near]
        return ()

    def extended(self, own: Mapping[str, tuple[Meaning, ...]]) -> Lexicon:
        """The lexicon with these entries in place of its own of the same keys."""
        return replace(
            self,
            entries={**self.entries, **own},
            longest_entry=max([self.longest_entry, *map(len, own)]),
            beginnings=self.beginnings | _beginnings(own),
            near={**self.near, **_near_index(own)},
        )


@cache
def load_lexicon() -> Lexicon:
    """Read the vocabulary files of this package, once per process."""
    folder = resources.files("services.engine.extraction") / "vocabulary"
    files = {
        item.name.removesuffix(".toml"): tomllib.loads(item.read_text(encoding="utf-8"))
        for item in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if item.name.endswith(".toml")
    }
    general = files.pop("general")
    return _build(files, general)


def _build(files: Mapping[str, Mapping[str, Any]], general: Mapping[str, Any]) -> Lexicon:
    entries = _entries(files)
    words: dict[str, set[str]] = defaultdict(set)
    months: dict[str, int] = {}
    for language, content in files.items():
        for word in content["words"]:
            words[plain(word)].add(language)
        for number, names in content["months"].items():
            months.update({plain(name): int(number) for name in names})
    endings = [
        (key_of(ending), Meaning(place.partition(".")[0], place.partition(".")[2], language))
        for language, content in files.items()
        for place, found in content.get("endings", {}).items()
        for ending in found
    ]
    currencies = _currencies(general["currencies"])
    countries = {plain(name): code for code, names in general["countries"].items() for name in names}
    return Lexicon(
        languages=tuple(files),
        entries=entries,
        words={word: frozenset(found) for word, found in words.items()},
        months=months,
        currencies=currencies,
        countries=countries,
        home_currency={c: code for code, found in general["currencyOfCountry"].items() for c in found},
        currency_pattern=re.compile(rf"(?:{currency_expression(currencies)})"),
        legal_form_pattern=whole_words(general["companies"]["legalForms"]),
        salutation_pattern=re.compile(
            rf"^\s*(?:{alternatives(general['companies']['salutations'])})(?:\s*[:.]\s*|\s+)", re.IGNORECASE
        ),
        desk_pattern=desk_lines(general["companies"]),
        country_pattern=re.compile(
            rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(countries, key=len, reverse=True)))})(?!\w)"
        ),
        bank_pattern=bank_names(general["companies"]["banks"]),
        after_name_pattern=re.compile(
            rf"[\s,]+(?<!\w)(?:{alternatives(general['companies']['afterNames'])})(?!\w).*", re.IGNORECASE
        ),
        street_pattern=street_lines(general["streets"]),
        place_pattern=place_words(general["streets"], general["places"]["words"]),
        owner_pattern=re.compile(
            rf"\W*(?:{alternatives(general['companies']['owners'])})(?!\w)", re.IGNORECASE
        ),
        profession_pattern=professions(general["companies"]["professions"]),
        trade_pattern=trades(general["companies"]),
        longest_entry=max(map(len, entries)),
        beginnings=_beginnings(entries),
        endings=_grouped(endings),
        every_ending=tuple(dict.fromkeys(ending for ending, _ in endings)),
        ending_tails=frozenset(ending[place:] for ending, _ in endings for place in range(len(ending))),
        near=_near_index(entries),
        sentences={
            language: SentenceWords.of_phrases(content.get("sentences", {}))
            for language, content in files.items()
        },
        trade_names=frozenset(map(key_of, general["companies"]["trades"])),
        trade_words=frozenset(word.lower() for word in general["companies"]["tradeWords"]),
    )


def _entries(files: Mapping[str, Mapping[str, Any]]) -> dict[str, tuple[Meaning, ...]]:
    """The phrases of all languages by their keys, each with what it stands for."""
    entries: dict[str, set[Meaning]] = defaultdict(set)
    for language, content in files.items():
        for section in _SECTIONS:
            for concept, phrases in content.get(section, {}).items():
                for phrase in phrases:
                    entries[key_of(phrase)].add(Meaning(section, concept, language))
                    if section == "kinds" and concept in _TITLED:
                        entries[key_of(phrase)].add(Meaning("labels", "numberTitle", language))
    return {key: tuple(sorted(found, key=_order)) for key, found in entries.items()}


def _beginnings(entries: Iterable[str]) -> frozenset[str]:
    return frozenset(key[:length] for key in entries for length in range(len(key) + 1))


def _grouped(endings: Iterable[tuple[str, Meaning]]) -> tuple[tuple[str, tuple[Meaning, ...]], ...]:
    found: dict[str, list[Meaning]] = defaultdict(list)
    for ending, meaning in endings:
        found[ending].append(meaning)
    return tuple((ending, tuple(meanings)) for ending, meanings in found.items())


def _near_index(entries: Iterable[str]) -> dict[str, str]:
    """Every long entry under itself and under each form with one character left out."""
    index: dict[str, str] = {}
    for key in sorted(entries):
        if len(key) >= _SHORTEST_NEAR:
            index.setdefault(key, key)
            for variant in _without_one(key):
                index.setdefault(variant, key)
    return index


def _without_one(key: str) -> Iterable[str]:
    yield key
    for place in range(len(key)):
        yield key[:place] + key[place + 1 :]


def _order(meaning: Meaning) -> tuple[str, str, str]:
    return (meaning.section, meaning.concept, meaning.language)


def _currencies(forms: Mapping[str, list[str]]) -> dict[str, str]:
    found = {code: code for code in forms}
    for code, printed in forms.items():
        found.update(dict.fromkeys(printed, code))
    return found

"""Finding the phrases of the vocabulary on the pages, and with them the languages of a document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from services.engine.extraction.labels import Hit, LabelIndex
from services.engine.extraction.layout import PageLayout, Segment, Token
from services.engine.extraction.lexicon import Lexicon, Meaning
from services.engine.extraction.text import has_digits, key_of, words_of

# Keys this short are ordinary words as well ("To", "De", "An"); they count only where a label stands.
_SHORT = 3
_COUNTRY_CODE = re.compile(r"[A-Z]{2}U?")
_SEPARATORS = frozenset("–—-·•|/")
_PROSE_WORDS = 8
_MOST_TOKENS = 9


def detect_languages(pages: Sequence[PageLayout], lexicon: Lexicon) -> list[tuple[str, float]]:
    """The vocabulary's languages with their share of the evidence on the pages, strongest first."""
    score: defaultdict[str, float] = defaultdict(float)
    for segment in _segments(pages):
        for word in words_of(segment.text):
            found = lexicon.words.get(word, frozenset())
            for language in sorted(found):  # sums of fractions depend on their order
                score[language] += 1 / len(found)
        for hit in _hits(segment, lexicon, None, tolerant=False):
            owners = {m.language for m in hit.meanings}
            if len(owners) == 1 and len(key_of(hit.text)) > _SHORT:
                score[owners.pop()] += 2
    total = sum(score.values())
    return [
        (language, value / total) for language, value in sorted(score.items(), key=lambda i: (-i[1], i[0]))
    ]


def index_labels(pages: tuple[PageLayout, ...], lexicon: Lexicon, languages: tuple[str, ...]) -> LabelIndex:
    """Find every phrase of the vocabulary of `languages` on the pages."""
    by_segment: dict[tuple[int, int, int], tuple[Hit, ...]] = {}
    by_concept: dict[str, list[Hit]] = defaultdict(list)
    wanted = frozenset(languages)
    for segment in _segments(pages):
        hits = _hits(segment, lexicon, wanted, tolerant=pages[segment.page - 1].source == "ocr")
        if not hits:
            continue
        by_segment[(segment.page, segment.row, segment.index)] = tuple(hits)
        for hit in hits:
            for concept in sorted(hit.concepts("labels")):
                by_concept[concept].append(hit)
    return LabelIndex(pages, languages, by_segment, {c: tuple(h) for c, h in by_concept.items()})


def _segments(pages: Sequence[PageLayout]) -> Iterator[Segment]:
    for page in pages:
        for row in page.rows:
            yield from row.segments


def _hits(segment: Segment, lexicon: Lexicon, languages: frozenset[str] | None, tolerant: bool) -> list[Hit]:
    """Longest phrases first from the left; phrases begin and end at token boundaries."""
    hits: list[Hit] = []
    tokens = segment.tokens
    keys = [token.key for token in tokens]
    # Only then may a phrase begin otherwise than the vocabulary's own do.
    free = tolerant or any(map(lexicon.may_end_compound, keys))
    place = 0
    while place < len(tokens):
        if _is_percent_of(segment, place):
            place += 1
            continue
        best: tuple[int, tuple[Meaning, ...]] | None = None
        key = ""
        for end, part in enumerate(keys[place : place + _MOST_TOKENS], place + 1):
            key += part
            if len(key) > lexicon.longest_entry or not (free or key in lexicon.beginnings):
                break
            # A letter of its own is no misread part of a label, but begins what stands behind it.
            forgiving = tolerant and (end == place + 1 or len(part) > 1)
            if best is not None and _name_columns(best[1], lexicon.entries.get("".join(keys[best[0] : end]))):
                forgiving = False  # two columns one after the other rather than a misread third
            meanings = lexicon.meanings(key, forgiving) if part else ()
            if end > place + 1 and key not in lexicon.entries and lexicon.ends_compound(part):
                meanings = ()  # a compound by itself: what stands before it is none of its parts
            if meanings and languages is not None:
                meanings = tuple(m for m in meanings if m.language in languages)
            if meanings and _may_stand(segment, place, end, key):
                if best is not None and _names_currency(tokens[end - 1], lexicon):
                    # "VAT EUR" heads a column, and is the label of an amount as "VAT" is.
                    meanings = tuple(dict.fromkeys([*best[1], *meanings]))
                best = (end, meanings)
        if best is None:
            place += 1
            continue
        last = _with_currency(segment, best[0], lexicon)
        hits.append(Hit(best[1], segment, place, last, _strength(segment, place, last)))
        place = last
    return hits


def _name_columns(first: Sequence[Meaning], second: Sequence[Meaning] | None) -> bool:
    """Whether both phrases name columns of an item table."""
    return all(any(one.section == "columns" for one in meanings or ()) for meanings in (first, second))


def _is_percent_of(segment: Segment, place: int) -> bool:
    """Whether the token is the sign of the number before it: "21 % BTW" does not say "% BTW"."""
    if segment.tokens[place].text != "%" or not place:
        return False
    return segment.tokens[place - 1].text[-1:].isdigit()


def _with_currency(segment: Segment, last: int, lexicon: Lexicon) -> int:
    """A currency after a label belongs to the label: "Total (RM)", "Net total EUR:"."""
    if last < len(segment.tokens) and _names_currency(segment.tokens[last], lexicon):
        return last + 1
    return last


def _names_currency(token: Token, lexicon: Lexicon) -> bool:
    return token.text.strip("()[]:.,") in lexicon.currencies


def _may_stand(segment: Segment, first: int, last: int, key: str) -> bool:
    if len(key) > _SHORT or (first > 0 and segment.tokens[first - 1].text.endswith("%")):
        return True
    if first == 0 or last == len(segment.tokens) or segment.tokens[last - 1].text.endswith((":", ".", "#")):
        return True
    following, before = segment.tokens[last].text, segment.tokens[first - 1].text
    if following[0].isdigit():
        return True
    is_parted = before in _SEPARATORS or before.endswith((",", ";"))
    return is_parted and (has_digits(following) or _is_country_of_number(segment, last))


def _is_country_of_number(segment: Segment, place: int) -> bool:
    """Whether the token is the country of a number behind it: "CZ 12345678"."""
    code, behind = segment.tokens[place].text, segment.tokens[place + 1 : place + 2]
    is_code = _COUNTRY_CODE.fullmatch(code) is not None
    return is_code and any(token.text[0].isdigit() for token in behind)


def _strength(segment: Segment, first: int, last: int) -> float:
    tokens = segment.tokens
    if tokens[last - 1].text.endswith(":") or (last < len(tokens) and tokens[last].text.startswith(":")):
        return 1.0
    if first == 0:
        return 0.95 if len(tokens) <= _PROSE_WORDS else 0.7
    return 0.8 if len(tokens) <= _PROSE_WORDS else 0.5

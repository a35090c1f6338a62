"""When to pay, as sentences say it: until when, on which day it is collected, until when with a discount."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from services.engine.extraction.dates import PrintedDate
from services.engine.extraction.document import Document
from services.engine.extraction.layout import Segment
from services.engine.extraction.sentences import Paragraph, SentenceWords, paragraphs

_YEAR_FIRST = re.compile(r"20\d\d(?!\d)")
_LONGEST_TERM = datetime.timedelta(days=120)
Meaning = Literal["net", "collected", "until", "discount"]

_PARTS = re.compile(r"[,;.]\s|\s[/|–-]\s|\s(?:und|oder|bzw\.?|and|or|et|ou|y|o|e|en|of|lub|oraz)\s")
# Nobody takes more off for paying early; higher rates are those of taxes and of interest.
_DISCOUNT_RATE = re.compile(r"(?<![\d.,])[1-5](?:[.,]\d+)?\s?%")
# A number and what it counts, at the end of a text; and the signs by which a term leads to its date.
_AFTER_TERM = re.compile(r"(?<![\d.,/-])\d{1,3}\s?((?!\d)\w[^\d;()]{0,30})[^\w]*$")
_TERM_ENDS = re.compile(r"(?<![\d.,/-])\d{1,3}\s?[^\W\d]+\.?\s*$")
_POINTS_ON = re.compile(r"[(,:=–-]\s*$")
# The day a period begins on, whose year or month is told with its end: "vom 1.3. bis 31.3.2024".
_DAY_BEFORE = re.compile(r"(?<![\d.])\d{1,2}[./](?:\d{1,2}[./]?)?\s*(?:[^\W\d_]{2,5}|[-–])\s*$")


@dataclass(frozen=True, slots=True)
class PaymentDate:
    """A date in running text: pay in full (`net`), it is collected, pay `until`, or pay with a discount."""

    date: PrintedDate
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class _Clause:
    """What is said of one date: `lead` stands before it, `text` is both sides, `sentence` all around.

    `part` is what stands on both sides up to the next comma or "or".
    """

    lead: str
    part: str
    text: str
    sentence: str


def payment_dates(document: Document) -> list[PaymentDate]:
    """Every date that sentences on the pages give for paying, in reading order."""
    found: list[PaymentDate] = []
    for paragraph in paragraphs(document.pages):
        # A date may go on in the next line with its year.
        if any(document.dates_in(part) or _YEAR_FIRST.match(part.text) for part in paragraph.parts):
            found += _in_paragraph(document, paragraph, document.date_reader.read(paragraph.segment))
    return found


def payment_dates_without_year(document: Document, issued: datetime.date) -> list[PaymentDate]:
    """Days and months that sentences give for paying, as those that come next after the day of issue."""
    found: list[PaymentDate] = []
    for paragraph in paragraphs(document.pages):
        dates = document.date_reader.read_without_year(paragraph.segment, issued)
        found += _in_paragraph(document, paragraph, dates)
    return [one for one in found if one.date.value - issued <= _LONGEST_TERM]


def _in_paragraph(document: Document, paragraph: Paragraph, dates: list[PrintedDate]) -> list[PaymentDate]:
    """What the sentences of a paragraph say of its `dates`, if they give them for paying."""
    words = document.lexicon.sentences_in(document.labels.languages)
    if not dates:
        return []
    found: list[PaymentDate] = []
    periods = set(_ends_of_periods(paragraph, dates, words))
    clauses = list(_clauses(paragraph, dates, words))
    meanings = [_meaning(words, clause) for clause in clauses]
    has_discount = "discount" in meanings
    for place, (date, clause, meaning) in enumerate(zip(dates, clauses, meanings, strict=True)):
        if place in periods:
            continue
        # Beside a day for the discount, the other is that of the full sum; so is one at what is to pay.
        is_other = meaning is None and (
            (has_discount and _ends_until(words, clause.lead))
            or _stands_at_payment(document, paragraph.part_at(date.start), clause, words)
        )
        if meaning is not None or is_other:
            found.append(PaymentDate(date, meaning or "until"))
    return found


def _stands_at_payment(
    document: Document, segment: Segment, clause: _Clause, words: list[SentenceWords]
) -> bool:
    """Whether "until" and a date are a line of their own, level with or under words of paying."""
    if 0 not in [word.start_of_ending("until", clause.lead) for word in words]:
        return False
    rows = document.page(segment.page).rows[max(segment.row - 1, 0) : segment.row + 1]
    return any(_says(words, "pay", row.text) for row in rows)


def _ends_of_periods(
    paragraph: Paragraph, dates: list[PrintedDate], words: list[SentenceWords]
) -> Iterator[int]:
    """The places among `dates` of those that a period lasts from and until: "1.3.2024 bis 31.3.2024"."""
    for place, (one, other) in enumerate(itertools.pairwise(dates)):
        between = paragraph.text[one.end : other.start]
        starts = [word.start_of_ending("until", between.strip()) for word in words]
        if 0 in starts or not between.strip(" -–"):
            yield from (place, place + 1)
    for place, date in enumerate(dates):
        if _DAY_BEFORE.search(paragraph.text[: date.start]):
            yield place


def _meaning(words: list[SentenceWords], clause: _Clause) -> Meaning | None:
    # "2 % discount within 8 days, by 14 March net" speaks of the discount, but not at the date.
    if any(_is_net(words, text) for text in (clause.text, clause.part)):
        return "net" if _is_about_paying(words, clause) else None
    # "2 % discount within 14 days, the full sum is due on 1 March": the discount has ended before.
    if _says(words, "fallsDue", clause.part) and not _is_discounted(words, clause.part):
        return "collected"
    if _is_discounted(words, clause.text):
        return "discount"
    if _says(words, "fallsDue", clause.sentence):
        return "collected"
    if _says(words, "pay", clause.sentence) and (
        _ends_until(words, clause.lead) or _ends_term(words, clause.lead)
    ):
        return "until"
    return None


def _is_net(words: list[SentenceWords], text: str) -> bool:
    return _says(words, "net", text) and not _gives_discount(words, text)


def _is_discounted(words: list[SentenceWords], text: str) -> bool:
    return _gives_discount(words, text) or _DISCOUNT_RATE.search(text) is not None


def _gives_discount(words: list[SentenceWords], text: str) -> bool:
    """Whether a discount is spoken of, and not that there is none: "sans escompte"."""
    for word in words:
        text = word.without("net", text)
    return _says(words, "discount", text)


def _is_about_paying(words: list[SentenceWords], clause: _Clause) -> bool:
    spoken = any(_says(words, concept, clause.sentence) for concept in ("pay", "discount", "fallsDue"))
    return spoken or _ends_until(words, clause.lead) or _ends_term(words, clause.lead)


def _says(words: list[SentenceWords], concept: str, text: str) -> bool:
    return any(word.search(concept, text) is not None for word in words)


def _ends_until(words: list[SentenceWords], text: str) -> bool:
    """Whether "until" ends the text, or stands before the day of the week that does: "by Friday the"."""
    return any(_start_of_ending(words, "until", lead) is not None for lead in _leads(words, text))


def _ends_term(words: list[SentenceWords], text: str) -> bool:
    """Whether a term in days ends the text, told once more as a date: "within 30 days (14 March"."""
    for lead in _leads(words, text):
        if _start_of_ending(words, "days", lead) is not None and _TERM_ENDS.search(lead):
            return True
        match = _AFTER_TERM.search(lead) if lead is not text or _POINTS_ON.search(lead) else None
        if match is not None and any(word.search("days", match[1]) for word in words):
            return True
    return False


def _leads(words: list[SentenceWords], text: str) -> Iterator[str]:
    """The text, and what is left of it without the words that only lead to a date: articles, weekdays."""
    yield text
    while (start := _start_of_ending(words, "beforeDate", text)) is not None:
        text = text[:start]
        yield text


def _start_of_ending(words: list[SentenceWords], concept: str, text: str) -> int | None:
    starts = (word.start_of_ending(concept, text) for word in words)
    return min((start for start in starts if start is not None), default=None)


def _clauses(paragraph: Paragraph, dates: list[PrintedDate], words: list[SentenceWords]) -> Iterator[_Clause]:
    """What belongs to each date; between two dates of a sentence a comma, "or" or a new line parts it."""
    spans = [paragraph.sentence_around(date.start, date.end) for date in dates]
    cuts = [
        _cut(paragraph, one.end, other.start, words) if mine == theirs else None
        for (one, mine), (other, theirs) in itertools.pairwise(zip(dates, spans, strict=True))
    ]
    for place, (date, (first, last)) in enumerate(zip(dates, spans, strict=True)):
        before = cuts[place - 1] if place else None
        after = cuts[place] if place < len(cuts) else None
        start = first if before is None else before
        end = last if after is None else after
        text = paragraph.text
        yield _Clause(
            lead=text[start : date.start],
            part=text[_part_around(paragraph, date, start, end)],
            text=text[start:end],
            sentence=text[first:last],
        )


def _part_around(paragraph: Paragraph, date: PrintedDate, start: int, end: int) -> slice:
    before = [match.end() for match in _PARTS.finditer(paragraph.text, start, date.start)]
    after = [match.start() for match in _PARTS.finditer(paragraph.text, date.end, end)]
    return slice(max(before, default=start), min(after, default=end))


def _cut(paragraph: Paragraph, start: int, end: int, words: list[SentenceWords]) -> int:
    """Where the words after one date end and those before the next begin."""
    places = [match.end() for match in _PARTS.finditer(paragraph.text, start, end)]
    places += [line for line in paragraph.lines if start < line < end]
    if places:
        return max(places)
    leads = [word.start_of_ending("until", paragraph.text[start:end]) for word in words]
    return min((start + lead for lead in leads if lead is not None), default=start)

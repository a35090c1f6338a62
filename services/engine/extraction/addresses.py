"""What marks a line of an address, and the lines that stand in one column with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.engine.extraction.document import Document
from services.engine.extraction.layout import Segment, Span
from services.engine.extraction.post_codes import AUSTRALIAN

# Post codes with what stands around them in the countries the vocabulary covers.
_POSTAL = re.compile(
    r"\b(?:[A-Z]{1,2}[- ])?\d{5}[ ,]{1,2}[^\W\d_]{2}"  # DE-60313 Frankfurt, 69001 Lyon
    r"|^\d{5}[^\W\d_]{3}"
    r"|(?<![\d.,])\b\d{4} ?[A-Z]{2}\b ?[^\W\d_]"  # 1012 AB Amsterdam
    r"|\b\d{2}-\d{3} [^\W\d_]{2}"  # 00-950 Warszawa
    r"|(?<![\d.,+/-] )(?<![\d.,+/-])\b\d{3} \d{2} +[A-ZÀ-Ž][^\W\d_]{2}"  # 110 00 Praha, 581 11 Linköping
    r"|\b\d{4}-\d{3} [^\W\d_]{2}"  # 1250-096 Lisboa
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"  # SW1A 1AA
    r"|\b[A-Z]{2},? +\d{5}(?:-\d{4})?\b|[^\W\d_]{2}(?<!\b[Nn][OoRr])[.,]? +\d{5}$"  # NY 10001, no No. 10001
    r"|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b"  # K1A 0B1
    r"|\b[AC-FHKNPRTV-Y]\d[\dW] [\dAC-FHKNPRTV-Y]{4}\b"  # D02 XE80
    # 9000 Linz, but not 4402 Oak Lawn Blvd
    r"|(?<![\d.,/-])\b(?:[A-Z]{1,2}-)?(?!\d{4} [^,]*\b(?:Ave|Avenue|Blvd|Boulevard|Court|Drive|Dr|Highway|Hwy"
    r"|Lane|Ln|Parkway|Pkwy|Road|Rd|Street|Way)\b)\d{4} (?:St\. ?|L[aeo]s? |De[nr]? )?[A-ZÀ-Ý][^\W\d_]{2,}"
    r"|(?:^|, )Co\.? [A-Z][a-z]{3,}$"  # Co. Wicklow, where no post code is printed
    r"|[^\W\d_]{3},? +\d{6}\b"  # Mumbai 400001
    rf"|{AUSTRALIAN}"
)
# What stands in a sender's own block and hardly ever in an addressee's.
_SENDER_CONCEPTS = ("contact", "iban", "bic")
_EMAIL_OR_WEB = re.compile(r"\S+@\S+|www\.|https?:", re.IGNORECASE)
_PHONE = re.compile(
    r"^[+(]?\d[\d\s()/.\-]{6,}$|^(?:tel|telf|tlf|tél|phone|fax|mob)[\w.]*[\s:.]*[+(\d]", re.IGNORECASE
)
_MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class TextPart(Span):
    """A part of a segment whose `text` has no blanks or punctuation around it."""

    @property
    def text(self) -> str:
        return self.segment.text[self.start : self.end].strip(" :;,|")


def is_postal(text: str) -> bool:
    """Whether the line holds a post code with its place."""
    return _POSTAL.search(text) is not None


def is_contact(text: str) -> bool:
    """Whether the line is a mail or web address or a telephone number."""
    return bool(_EMAIL_OR_WEB.search(text) or _PHONE.match(text))


def column_below(document: Document, start: Segment, left: float, most: int = _MOST_LINES) -> list[Segment]:
    """Segments under `start` that begin at about the same left edge, closely spaced, top to bottom."""
    page = document.page(start.page)
    found: list[Segment] = []
    bottom = start.box.center_y
    height = max(start.box.height, page.line_height)
    misses = 0
    for row in page.rows[start.row + 1 :]:
        # A heading stands further from its first line than the lines from each other.
        reach = 2.8 if found else 4.0
        if row.box.center_y - bottom > reach * height or len(found) >= most:
            break
        aligned = [s for s in row.segments if abs(s.box.x - left) < 1.2 * height]
        if not aligned:
            misses += 1
            if misses > 2:
                break
            continue
        found.append(aligned[0])
        bottom = aligned[0].box.center_y
        misses = 0
    return found


def lines_ending_below(document: Document, name: Segment, most: int = _MOST_LINES) -> list[Segment]:
    """Segments under `name` that end where it ends, closely spaced, top to bottom."""
    height = max(name.box.height, document.page(name.page).line_height)
    found: list[Segment] = []
    bottom = name.box.center_y
    for row in document.page(name.page).rows[name.row + 1 :]:
        line = row.segments[-1]
        if line.box.center_y - bottom > 2.4 * height or len(found) >= most:
            break
        if abs(line.box.right - name.box.right) < 0.6 * height:
            found.append(line)
            bottom = line.box.center_y
        elif line.box.right > name.box.x:
            break  # something else stands there; further left it may be a logo
    return found


def contacts_follow(document: Document, first: Segment, lines: Iterable[Segment]) -> bool:
    """Whether telephone, mail or account stand in the lines right under `first`."""
    above, reach = first, 1.7 * max(first.box.height, document.page(first.page).line_height)
    for line in lines:
        if line.box.center_y - above.box.center_y > reach:
            return False
        leading = [hit for hit in document.labels.within(line) if hit.first == 0]
        if is_contact(line.text) or any(hit.is_label(*_SENDER_CONCEPTS) for hit in leading):
            return True
        above = line
    return False


def is_table_head(document: Document, segment: Segment) -> bool:
    """Whether the segment stands in a row that names the columns of a table."""
    row = document.labels.row_of(segment)
    concepts = {c for hit in document.labels.in_row(row) for c in hit.concepts("columns")}
    return len(concepts) >= 3

"""Whether a value that was read is the printed one: compared after normalisation, by the kind of field."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rapidfuzz import fuzz

CENT = 0.005
# Of names and addresses, so many words must be alike; "GmbH" alone is no company.
ALIKE = 90
ALIKE_IN_ORDER = 60
SAME_ITEM = 80

_SAME_MARKS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("’‘´`", "'"),
        **dict.fromkeys("“”„«»", '"'),
    }
)
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_LOOSE_ENDS = (".name", ".address", ".paymentTerms")
_EXACT_ENDS = ("date", "Date", ".kind", ".currency")


def normalised(text: str) -> str:
    """NFKC without case, with one kind of dash and quotation mark and nothing that can't be seen."""
    folded = unicodedata.normalize("NFKC", text).translate(_SAME_MARKS).casefold()
    seen = (
        " " if c.isspace() else c for c in folded if c.isspace() or unicodedata.category(c) not in _INVISIBLE
    )
    return "".join(seen)


def is_right(path: str, truth: Any, read: Any) -> bool:
    """Whether `read` is the truth of the field at `path`, or one of the readings that `truth` lists."""
    if isinstance(truth, list):
        return any(is_right(path, one, read) for one in truth)
    if read in (None, ""):
        return False
    if isinstance(truth, int | float):
        return isinstance(read, int | float) and abs(truth - read) <= CENT + 1e-9
    if path.endswith(_LOOSE_ENDS):
        return _alike(str(truth), str(read))
    if path.endswith(_EXACT_ENDS):
        return str(truth).casefold() == str(read).casefold()
    return _letters_and_digits(str(truth)) == _letters_and_digits(str(read))


def right_items(truth: Sequence[Mapping[str, Any]], read: Sequence[Mapping[str, Any]]) -> list[int]:
    """The places of the items that were read right: equal amount, like description; each counts once."""
    pairs = []
    for row, printed in enumerate(truth):
        for place, item in enumerate(read):
            if not is_right("amount", printed.get("amount"), item.get("amount")):
                continue
            one, other = _words_joined(printed.get("description")), _words_joined(item.get("description"))
            likeness = fuzz.token_set_ratio(one, other) if one and other else 0.0
            if likeness >= SAME_ITEM:
                pairs.append((-likeness, -fuzz.ratio(one, other), row, place))
    rows, places = set(range(len(truth))), set(range(len(read)))
    right = []
    for _, _, row, place in sorted(pairs):
        if row in rows and place in places:
            rows.remove(row)
            places.remove(place)
            right.append(place)
    return sorted(right)


def words_in_common(printed: str, read: str) -> tuple[int, int, int]:
    """How many normalised words both texts hold, how many were printed and how many were read."""
    truth, found = Counter(_words(printed)), Counter(_words(read))
    return (truth & found).total(), truth.total(), found.total()


def _alike(one: str, other: str) -> bool:
    left, right = _words_joined(one), _words_joined(other)
    return (
        bool(left and right)
        and fuzz.token_set_ratio(left, right) >= ALIKE
        and fuzz.token_sort_ratio(left, right) >= ALIKE_IN_ORDER
    )


def _words_joined(text: Any) -> str:
    return " ".join(re.findall(r"[^\W_]+", normalised(str(text or ""))))


def _letters_and_digits(text: str) -> str:
    return "".join(re.findall(r"[^\W_]", normalised(text)))


def _words(text: str) -> list[str]:
    """Words split at blanks, without punctuation at their edges."""
    bare = (
        re.sub(r"^[^\w%€$£#&@+]+|[^\w%€$£#&@+]+$", "", word).strip("_") for word in normalised(text).split()
    )
    return [word for word in bare if word]

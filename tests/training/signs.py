"""The characters of Latin scripts that lines are drawn with."""

from __future__ import annotations

_SMALL = "äöüßéèêëàâçîïôùûœñáíóúãõąćęłńśźżåøæìò"
_SIGNS = "€£§°²³½×·•«»„“”‚‘’–—…™®©ºª±"


def known_signs() -> str:
    """Letters beyond ASCII in both cases, and signs."""
    letters = [letter for small in dict.fromkeys(_SMALL) for letter in (small, small.upper())]
    return "".join(dict.fromkeys([*(one for one in letters if len(one) == 1), *_SIGNS]))

"""Fonts of Debian's packages: fetched by name, unpacked without being installed.

Families are drawn alike whatever the number of their weights; those that offices and tills print with come
more often. Some packages are kept for measuring and never trained on.
"""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

OFFICE = (
    "fonts-liberation", "fonts-liberation2", "fonts-urw-base35", "fonts-arkpandora",
    "fonts-crosextra-carlito", "fonts-dejavu-core", "fonts-freefont-ttf", "fonts-open-sans",
    "fonts-roboto-unhinted", "fonts-texgyre", "fonts-noto-core",
)  # fmt: skip
"""Relatives of Arial, Helvetica, Times, Courier, Verdana, Calibri and what invoice programs ship with."""

TILL = (
    "fonts-3270", "fonts-ocr-a", "fonts-ocr-b", "fonts-pc", "fonts-spleen", "fonts-gnutypewriter",
    "fonts-courier-prime", "fonts-tlwg-mono-ttf", "fonts-dotgothic16", "fonts-noto-mono", "fonts-inconsolata",
)  # fmt: skip
"""What tills, needle printers and typewriters print like."""

FURTHER = (
    "fonts-roboto-slab", "fonts-firacode", "fonts-jetbrains-mono", "fonts-cantarell", "fonts-dejavu-extra",
    "fonts-linuxlibertine", "fonts-lmodern", "fonts-opendin", "fonts-quattrocento", "fonts-oxygen",
    "fonts-play", "fonts-dosis", "fonts-comfortaa", "fonts-quicksand", "fonts-manrope", "fonts-inter",
    "fonts-cabin", "fonts-ebgaramond", "fonts-oldstandard", "fonts-yanone-kaffeesatz", "fonts-paratype",
    "fonts-sil-gentium-basic", "fonts-sil-andika", "fonts-averia-sans-gwf", "fonts-averia-serif-gwf",
    "fonts-junction", "fonts-tuffy", "fonts-agave", "fonts-osifont", "fonts-league-mono", "fonts-adf-gillius",
    "fonts-adf-universalis", "fonts-adf-accanthis", "fonts-adf-libris", "fonts-fantasque-sans",
    "fonts-monoid", "fonts-tlwg-loma-ttf",
)  # fmt: skip
"""Other text faces, old and new."""

FOREIGN = (
    "fonts-wqy-microhei",
    "fonts-symbola",
    "fonts-dejavu-core",
    "fonts-noto-core",
    "fonts-freefont-ttf",
)
"""Fonts that hold other scripts and symbols."""

HELD_OUT = (
    "fonts-hack", "fonts-clear-sans", "fonts-crosextra-caladea", "fonts-karla", "fonts-go",
    "fonts-anonymous-pro", "fonts-vollkorn", "fonts-glasstty", "fonts-b612", "fonts-lato", "fonts-sil-charis",
)  # fmt: skip
"""For measuring alone."""

NOT_PLAIN = (
    "math", "symbol", "wingding", "webdings", "marlett", "d050000l", "z003", "caps", "thin", "hairline",
    "ultralight", "extralight", "monoisome", "lmromandunh", "small_fonts", "system", "ms_sans", "fixedsys",
    "_jp", "[wght]", "chorus", "linlibertine_dr", "biolinum_k", "_squarepx", "tamil", "lmroman5", "lmroman6",
    "lmroman7", "display",
)  # fmt: skip
"""Parts of names of fonts whose letters look like others', are hardly there, or stand at one size only."""

OFTEN: Mapping[str, int] = {**dict.fromkeys(OFFICE, 4), **dict.fromkeys(TILL, 4)}
"""Weights of packages that are drawn more often than once in the count of all."""

PLAIN_NOTO = ("NotoSans-", "NotoSerif-", "NotoSansMono-")
"""Beginnings of the names of Noto's fonts for Latin letters."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """One font on disk and the characters that it holds."""

    path: Path
    package: str
    characters: frozenset[str]


def fetch(folder: Path, packages: Iterable[str]) -> None:
    """Fetch and unpack `packages` below `folder` with apt and dpkg.

    Raises CalledProcessError when one of them fails; packages that are there already are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    missing = [package for package in dict.fromkeys(packages) if not (folder / package).is_dir()]
    if not missing:
        return
    subprocess.run(["apt-get", "download", *missing], cwd=folder, check=True)
    for archive in sorted(folder.glob("*.deb")):
        subprocess.run(["dpkg-deb", "-x", archive, folder / archive.name.split("_")[0]], check=True)
        archive.unlink()


def load(folder: Path, packages: Iterable[str], plain: bool = True) -> list[FontFile]:
    """The fonts of `packages` that were fetched into `folder`; with `plain`, of Latin letters alone."""
    found = []
    for package in dict.fromkeys(packages):
        for path in sorted((folder / package).rglob("*.[to]t[fc]")):
            name = path.name.lower()
            if plain and any(part in name for part in NOT_PLAIN):
                continue
            if plain and package == "fonts-noto-core" and not path.name.startswith(PLAIN_NOTO):
                continue
            characters = _characters(path)
            if not plain or characters.issuperset("AZaz09"):
                found.append(FontFile(path, package, characters))
    return found


def load_of_one_width(folder: Path, packages: Iterable[str]) -> list[FontFile]:
    """Those fonts of `packages` whose letters are all equally wide, as tills and typewriters print."""
    return [font for font in load(folder, packages) if _is_of_one_width(font.path)]


def _is_of_one_width(path: Path) -> bool:
    font = opened(path, 40)
    return font.getlength("iiii") == font.getlength("MMMM")


def _characters(path: Path) -> frozenset[str]:
    """What the font can print; kept beside it, for reading it out of the font takes long."""
    listing = path.with_suffix(".characters.json")
    if not listing.exists():
        from fontTools.ttLib import TTFont

        with TTFont(path, fontNumber=0, lazy=True) as font:
            listing.write_text(json.dumps(sorted(font.getBestCmap() or {})), encoding="ascii")
    return frozenset(chr(code) for code in json.loads(listing.read_text(encoding="ascii")))


class FontChoice:
    """Draws fonts by package, and within it by file."""

    def __init__(self, fonts: Sequence[FontFile]) -> None:
        self._packages: dict[str, list[FontFile]] = {}
        for font in fonts:
            self._packages.setdefault(font.package, []).append(font)
        self._names = list(self._packages)
        self._weights = [OFTEN.get(name, 1) for name in self._names]

    def draw(self, rng: random.Random, text: str) -> FontFile | None:
        """A font that holds every character of `text`; None if a few draws find none."""
        needed = set(text) - {" "}
        for _ in range(8):
            (name,) = rng.choices(self._names, self._weights)
            font = rng.choice(self._packages[name])
            if font.characters >= needed:
                return font
        return None


@lru_cache(maxsize=6000)
def opened(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """The font at `size` pixels."""
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)

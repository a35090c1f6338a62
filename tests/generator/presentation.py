"""How a document looks and speaks: the choices that do not change what it says."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Literal

from tests.generator.fonts import Typeface, receipt_typeface_for, typefaces_for
from tests.generator.invoice import Invoice
from tests.generator.languages import LANGUAGES, Label, Wording
from tests.generator.languages.regional import REGIONAL_LABELS
from tests.generator.notation import Notation, choose_notation
from tests.generator.sheet import A4, LETTER, Colour, PageSize

LayoutName = Literal["classic", "right", "centred", "boxed", "plain", "banner", "receipt"]
LAYOUT_NAMES: tuple[LayoutName, ...] = ("classic", "right", "centred", "boxed", "plain", "banner")

ACCENTS: tuple[Colour, ...] = (
    (0.10, 0.27, 0.48),
    (0.55, 0.13, 0.16),
    (0.08, 0.40, 0.34),
    (0.25, 0.25, 0.28),
    (0.66, 0.38, 0.06),
    (0.33, 0.20, 0.45),
)


@dataclass(frozen=True, slots=True)
class Presentation:
    """`text_size` is the body's type size in points; with `signed_prices` unit prices and line amounts bear
    the currency sign."""

    layout: LayoutName
    typeface: Typeface
    accent: Colour
    page: PageSize
    text_size: float
    notation: Notation
    wording: Wording
    signed_prices: bool
    carries_forward: bool


def choose_presentation(
    rng: random.Random,
    invoice: Invoice,
    layout: LayoutName | None = None,
    typeface: Typeface | None = None,
) -> Presentation:
    """A look for the invoice; a receipt is always laid out as one."""
    chosen: LayoutName = layout if layout is not None else rng.choice(LAYOUT_NAMES)
    if invoice.kind == "receipt":
        chosen = "receipt"
        typeface = typeface or receipt_typeface_for(invoice.language)
    notation = choose_notation(rng, invoice.country)
    wording = _choose_wording(rng, invoice)
    presentation = Presentation(
        layout=chosen,
        typeface=typeface or rng.choice(typefaces_for(invoice.language)),
        accent=rng.choice(ACCENTS),
        page=LETTER if invoice.country == "US" else A4,
        text_size=rng.choice((8.5, 9, 9, 9.5)),
        notation=notation,
        wording=wording,
        signed_prices=rng.random() < 0.4,
        carries_forward=rng.random() < 0.6,
    )
    if presentation.typeface.regular == "Vera":
        return replace(presentation, text_size=8)
    return presentation


def _choose_wording(rng: random.Random, invoice: Invoice) -> dict[Label, str]:
    language = LANGUAGES[invoice.language]
    wording = language.pick_wording(rng)
    for label, choices in REGIONAL_LABELS.get(invoice.country, {}).items():
        wording[label] = rng.choice(choices)
    if invoice.kind != "invoice":
        # The shortest wordings are those that do not speak of an invoice.
        wording[Label.DATE] = min(language.labels[Label.DATE], key=len)
        wording[Label.TOTAL] = min(language.labels[Label.TOTAL], key=len)
    # The first wording of every language names the sum of the lines, the last the sum without tax.
    if invoice.prices_include_tax:
        wording[Label.SUBTOTAL] = language.labels[Label.SUBTOTAL][-1]
    elif invoice.amounts.discount is not None or invoice.amounts.shipping is not None:
        wording[Label.SUBTOTAL] = language.labels[Label.SUBTOTAL][0]
    if wording[Label.SUBTOTAL] == wording[Label.AMOUNT] or wording[Label.TOTAL] == wording[Label.AMOUNT]:
        wording[Label.AMOUNT] = language.labels[Label.AMOUNT][0]
    return wording

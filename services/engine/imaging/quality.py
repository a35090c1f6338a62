"""One number for how well a page could be read."""

from __future__ import annotations

from services.engine.imaging.measure import ImageMeasures


def quality_score(measures: ImageMeasures, text_height: float, confidence: float) -> float:
    """Quality of a page image for reading, 0..1.

    `text_height` is the median height of a text line in pixels, `confidence` the mean confidence of what
    was recognised, 0..1. Half of the score is the confidence, the rest is what the image offers; every
    part is 1 where more of it would not help reading.
    """
    image = (
        0.3 * _between(measures.sharpness, 0.15, 0.6)
        + 0.3 * _between(measures.contrast, 0.15, 0.6)
        + 0.2 * (1 - _between(measures.noise, 4, 25))
        + 0.2 * _between(text_height, 8, 20)
    )
    return round(0.5 * _between(confidence, 0.5, 0.98) + 0.5 * image, 4)


def _between(value: float, worst: float, best: float) -> float:
    return min(1.0, max(0.0, (value - worst) / (best - worst)))

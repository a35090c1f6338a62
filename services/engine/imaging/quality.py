"""One number for how well a page could be read."""

from __future__ import annotations

from services.engine.imaging.measure import ImageMeasures


def quality_score(measures: ImageMeasures, text_height: float, confidence: float) -> float:
    """Quality of a page image for reading, 0..1.

    `text_height` is the median height of a text line in pixels, `confidence` the mean confidence of what
    was recognised, 0..1. The confidence makes up 0.6 of the score: recognisers are sure of themselves, so
    that 0.9 is already poor. The rest is what the image offers; every part is 1 where more of it would not
    help reading. Grain counts by the contrast that it drowns; faint print as such is read well.
    """
    grain = measures.noise / (255 * max(measures.contrast, 0.02))
    image = (
        0.3 * _between(measures.sharpness, 0.15, 0.8)
        + 0.3 * (1 - _between(grain, 0.03, 0.25))
        + 0.3 * _between(text_height, 4, 16)
        + 0.1 * _between(measures.contrast, 0.05, 0.3)
    )
    return round(0.6 * _between(confidence, 0.9, 1.0) + 0.4 * image, 4)


def _between(value: float, worst: float, best: float) -> float:
    return min(1.0, max(0.0, (value - worst) / (best - worst)))

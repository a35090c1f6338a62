from __future__ import annotations

import numpy as np
import pytest

from services.engine.imaging.measure import quantile


@pytest.mark.parametrize("share", [0.0, 0.01, 0.25, 0.5, 0.95, 1.0])
def test_quantiles_by_counting_are_those_by_sorting(share: float) -> None:
    values = np.random.default_rng(5).integers(0, 256, (40, 51), dtype=np.uint8)
    expected = np.percentile(values, 100 * share, method="inverted_cdf") if share else 0.0
    assert quantile(values, share) == expected


def test_the_quantile_of_nothing_is_zero() -> None:
    assert quantile(np.zeros(0, dtype=np.uint8), 0.5) == 0.0

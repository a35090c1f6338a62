"""Hypothesis strategies for page readings as an engine makes them."""

from __future__ import annotations

from hypothesis import strategies as st

from shared.readings import Block, BoundingBox, Cell, Line, PageReading, Preprocessing, Word

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
confidences = st.integers(0, 10_000).map(lambda value: value / 10_000)
_positions = st.integers(-100_000, 400_000).map(lambda value: value / 100)
_extents = st.integers(0, 400_000).map(lambda value: value / 100)
boxes = st.builds(BoundingBox, _positions, _positions, _extents, _extents)
words = st.builds(Word, texts, confidences, boxes)
lines = st.builds(Line, st.lists(words, min_size=1, max_size=4).map(tuple))
blocks = st.builds(Block, texts, confidences, boxes, st.sampled_from(["text", "table", "image", "signature"]))
_counts = st.integers(0, 50)
cells = st.builds(Cell, _counts, _counts, _counts, texts, confidences, boxes)
preprocessings = st.builds(
    Preprocessing,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.integers(-180_000, 180_000).map(lambda value: value / 1000),
)
page_readings = st.builds(
    PageReading,
    st.integers(0, 20_000),
    st.integers(0, 20_000),
    st.lists(lines, max_size=4).map(tuple),
    st.lists(blocks, max_size=3).map(tuple),
    st.lists(cells, max_size=3).map(tuple),
    st.sampled_from(["textLayer", "ocr", "none"]),
    preprocessings,
    confidences,
)

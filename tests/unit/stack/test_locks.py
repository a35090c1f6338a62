"""The locks: every package pinned with hashes, no index address, and to each service only its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LOCKS = Path(__file__).parents[3] / "deploy" / "locks"
NAMES = ("dev", "engine", "gateway", "tools")
OTHER_SERVICES_PACKAGES = {
    "gateway": ("paddle", "onnx", "openvino", "opencv", "rapidocr", "numpy"),
    "engine": ("motor", "pymongo", "aiohttp-apispec", "webargs"),
}


def pinned(name: str) -> dict[str, str]:
    """Version by package name."""
    text = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\\n]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", NAMES)
def test_every_requirement_is_pinned_and_hashed(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    without_comments = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE).replace("\\\n", " ")
    requirements = [line for line in without_comments.splitlines() if line.strip()]
    assert requirements
    for requirement in requirements:
        assert re.match(r"[A-Za-z0-9._-]+(\[.*\])?==\S+", requirement), requirement[:80]
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", requirement), requirement[:80]


@pytest.mark.parametrize("name", NAMES)
def test_no_address_and_no_machine_path_stands_in_a_lock(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "index-url" not in text
    assert not re.search(r"(?m)(^|\s)/\w", text)


@pytest.mark.parametrize("service", sorted(OTHER_SERVICES_PACKAGES))
def test_a_service_gets_nothing_of_the_other(service: str) -> None:
    for package in pinned(service):
        assert not package.startswith(OTHER_SERVICES_PACKAGES[service]), package


@pytest.mark.parametrize("service", ["gateway", "engine"])
def test_images_get_the_versions_that_are_tested(service: str) -> None:
    tested = pinned("dev")
    assert {name: tested.get(name) for name in pinned(service)} == pinned(service)


def test_opencv_needs_no_screen_library() -> None:
    packages = pinned("engine")
    assert "opencv-python-headless" in packages
    assert "opencv-python" not in packages
    assert "opencv-contrib-python" not in packages

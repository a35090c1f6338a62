"""Dockerfiles and the compose file: what can be checked of them without a container engine."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

CHECKOUT = Path(__file__).parents[3]
DOCKERFILES = sorted((CHECKOUT / "deploy" / "docker").glob("*.Dockerfile"))
OWN_SERVICES = ("gateway", "engine")


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((CHECKOUT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))


def instructions(dockerfile: Path) -> list[str]:
    text = re.sub(r"^#.*\n", "", dockerfile.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def copied_paths(dockerfile: Path) -> list[str]:
    copies = [line.split()[1:] for line in instructions(dockerfile) if line.startswith("COPY ")]
    return [source for words in copies if not words[0].startswith("--from") for source in words[:-1]]


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.stem)
def test_every_copied_path_exists_and_reaches_the_build(dockerfile: Path) -> None:
    lines = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    allowed = [line.removeprefix("!") for line in lines if line.startswith("!")]
    paths = copied_paths(dockerfile)
    assert paths
    for path in paths:
        assert (CHECKOUT / path).exists(), path
        assert any(path == folder or fnmatch(path, f"{folder}/*") for folder in allowed), path


@pytest.mark.parametrize("dockerfile", DOCKERFILES, ids=lambda path: path.stem)
def test_the_final_stage_runs_as_a_plain_user_and_watches_its_health(dockerfile: Path) -> None:
    lines = instructions(dockerfile)
    last_stage = lines[max(index for index, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert "USER 10001:10001" in last_stage
    assert any(line.startswith("HEALTHCHECK ") and "/readyz" in line for line in last_stage)
    assert not any("apt-get" in line or "pip install" in line for line in last_stage)


def test_each_image_installs_the_lock_of_its_service() -> None:
    assert [path.stem for path in DOCKERFILES] == ["engine", "gateway"]
    for dockerfile in DOCKERFILES:
        text = dockerfile.read_text(encoding="utf-8")
        assert f"--require-hashes {dockerfile.stem}.txt" in text
        assert f'CMD ["python", "-m", "services.{dockerfile.stem}"]' in text


def test_compose_builds_from_dockerfiles_that_exist(compose: Any) -> None:
    for name in OWN_SERVICES:
        build = compose["services"][name]["build"]
        context = (CHECKOUT / "deploy" / build["context"]).resolve()
        assert context == CHECKOUT.resolve()
        assert (context / build["dockerfile"]).is_file()


def test_compose_bounds_and_hardens_every_service(compose: Any) -> None:
    for name, service in compose["services"].items():
        limits = service["deploy"]["resources"]["limits"]
        assert set(limits) == {"cpus", "memory"}, name
        assert service["restart"] == "unless-stopped"
    for name in OWN_SERVICES:
        service = compose["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_compose_keeps_the_secrets_where_they_belong(compose: Any) -> None:
    engine = compose["services"]["engine"]["environment"]
    assert not {"SECRET_KEY", "API_KEY", "MONGO_URL"} & set(engine)
    example = (CHECKOUT / "deploy" / ".env.example").read_text(encoding="utf-8")
    required = set(
        re.findall(r"\$\{(\w+):\?", (CHECKOUT / "deploy" / "compose.yaml").read_text(encoding="utf-8"))
    )
    assert required == {"SECRET_KEY", "API_KEY", "RABBITMQ_PASSWORD"}
    for name in required:
        assert re.search(rf"^{name}=$", example, re.MULTILINE), name


def test_compose_shields_database_and_broker(compose: Any) -> None:
    assert compose["networks"]["inside"]["internal"] is True
    for name in ("mongo", "rabbitmq"):
        service = compose["services"][name]
        assert service["networks"] == ["inside"]
        assert "ports" not in service
        for volume in service["volumes"]:
            assert volume.split(":")[0] in compose["volumes"]


def test_compose_runs_the_database_as_the_replica_set_that_the_gateway_asks_for(compose: Any) -> None:
    mongo = compose["services"]["mongo"]
    name = mongo["command"][mongo["command"].index("--replSet") + 1]
    assert f'_id: "{name}"' in mongo["healthcheck"]["test"][-1]
    assert compose["services"]["gateway"]["environment"]["MONGO_URL"].endswith(f"replicaSet={name}")

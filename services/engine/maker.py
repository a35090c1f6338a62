"""What makes this engine's results: told with every result, so that an auditor can make it again.

The same document, template and maker give the same result, byte for byte, on the same kind of processor.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import services.engine
import shared
from services.engine import VERSION
from services.engine.extraction.calibration import FILE_NAME as CALIBRATION
from services.engine.ocr.models import install_bundled_models
from services.engine.ocr.runtimes import Runtime

# The libraries that decide what is read; the others only carry it.
LIBRARIES = ("numpy", "opencv-python-headless", "paddleocr", "pypdfium2")


@dataclass(frozen=True, slots=True)
class Maker:
    """An engine's version and the SHA-256 digests (hexadecimal) of its code, models, words and calibration.

    `models` are by name, `libraries` are versions by name.
    """

    version: str
    code: str
    runtime: str
    libraries: Mapping[str, str]
    models: Mapping[str, str]
    vocabulary: str
    calibration: str

    def of_page(self, template: Mapping[str, Any]) -> dict[str, Any]:
        """The `producedBy` of a page that was read by the settings of `template`."""
        return {
            "engine": {"version": self.version, "sha256": self.code},
            "runtime": self.runtime,
            "libraries": dict(self.libraries),
            "models": dict(self.models),
            "template": digest_of_json(template),
        }

    def of_extraction(
        self,
        template: Mapping[str, Any],
        readings: str,
        einvoice: str | None,
        profiles: Sequence[Mapping[str, Any]] = (),
    ) -> dict[str, Any]:
        """The `producedBy` of extracted data; the digests are those of the files it was made from.

        `profiles` are those of suppliers that the document may be of, as they were then.
        """
        return {
            **self.of_page(template),
            "vocabulary": self.vocabulary,
            "calibration": self.calibration,
            "readings": readings,
            **({"einvoice": einvoice} if einvoice is not None else {}),
            **({"profiles": digest_of_json(list(profiles))} if profiles else {}),
        }


def identify(model_dir: Path, runtime: Runtime, quick: bool = False) -> Maker:
    """Digest what this engine consists of, which `quick` reading changes; takes about a tenth of a second.

    Raises ModelsUnavailable when the models are not on this machine.
    """
    models = install_bundled_models(model_dir)
    used = [models.detection, models.recognition]
    if quick:
        tiny = install_bundled_models(model_dir, "tiny")
        used = [tiny.detection, tiny.recognition, models.recognition]
    engine, common = (Path(next(iter(package.__path__))) for package in (services.engine, shared))
    extraction = engine / "extraction"
    return Maker(
        version=VERSION,
        code=_digest_of_files([*engine.rglob("*.py"), *common.rglob("*.py")], engine.parent.parent),
        runtime=runtime,
        libraries={name: metadata.version(name) for name in (*LIBRARIES, runtime)},
        models={model.name: digest_of_file(model.weights) for model in used},
        vocabulary=_digest_of_files((extraction / "vocabulary").glob("*.toml"), extraction),
        calibration=digest_of_file(extraction / CALIBRATION),
    )


def digest_of_json(value: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of a JSON object, or a list of them, whatever the order of their names."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest_of_files(paths: Iterable[Path], root: Path) -> str:
    """SHA-256 of the names below `root` and the digests of files, as `sha256sum` lists them in order."""
    lines = sorted((path.relative_to(root).as_posix(), digest_of_file(path)) for path in paths)
    return hashlib.sha256("".join(f"{digest}  {name}\n" for name, digest in lines).encode()).hexdigest()

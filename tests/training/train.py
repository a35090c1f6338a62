"""Training PP-OCRv6 tiny further, on the lines that `lines` draws."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from services.engine.ocr.alphabet import UNREADABLE
from tests.training.batches import drawn_aside, of_like_width
from tests.training.lines import draws_in_fonts, instructive, network_input
from tests.training.model import Model
from tests.training.network import Recogniser
from tests.training.pictures import LinePicture
from tests.training.reading import Reading
from tests.training.scanning import coloured

RATE = 2.5e-4
"""Rate of learning at its height."""

RISING_STEPS = 150
"""Steps in which it rises to there."""

LAST_RATE = 0.03
"""Share of it that is left at the end of its cosine."""

AVERAGED_STEPS = 500
"""About how many steps back the average of the weights reaches that is the outcome."""

COLOURED = 0.15
"""Share of grey lines that are given colours."""

CHECKPOINT_EVERY = 200
"""Steps."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Folders of the fonts and of the checkpoint, and the steps to make in all.

    `model` is what training starts from; `before` is the reader that says what is easy, and whose characters
    are drawn.
    """

    fonts: Path
    out: Path
    before: Model
    model: Model
    steps: int


class Training:
    """The network, its optimiser and the running average of its weights; kept in `out/checkpoint.pt`."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        signs = ["", *plan.model.characters]
        self._classes = {sign: place for place, sign in enumerate(signs)}
        self._network = Recogniser(plan.model.weights)
        self._optimiser = _optimiser(self._network)
        self._average = {name: value.detach().clone() for name, value in self._network.trained().items()}
        self._step = 0
        self._checkpoint = plan.out / "checkpoint.pt"
        if self._checkpoint.exists():
            self._resume()

    @property
    def step(self) -> int:
        """Steps made so far."""
        return self._step

    @property
    def finished(self) -> bool:
        """Whether all steps of the plan are made."""
        return self._step >= self._plan.steps

    def outcome(self) -> dict[str, npt.NDArray[np.float32]]:
        """The averaged numbers by their names in the ONNX file."""
        return {name: value.numpy() for name, value in self._average.items()}

    def learn(self, lines: Sequence[LinePicture]) -> float:
        """One step; the mean loss by character (CTC: A. Graves et al., 2006)."""
        noise = np.random.default_rng(self._step)
        pictures = [_at_times_coloured(line.pixels, noise) for line in lines]
        loss = self._loss(self._network(torch.from_numpy(network_input(pictures))), lines)
        for group in self._optimiser.param_groups:
            group["lr"] = RATE * _share_of_rate(self._step, self._plan.steps)
        self._optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimiser.step()
        self._step += 1
        self._add_to_average()
        return float(loss.detach())

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        state = {
            "step": self._step,
            "network": self._network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "average": self._average,
        }
        part = self._checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.rename(self._checkpoint)

    def _resume(self) -> None:
        state: dict[str, Any] = torch.load(self._checkpoint, weights_only=True)
        self._network.load_state_dict(state["network"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._average, self._step = state["average"], state["step"]

    def _loss(self, scores: Tensor, lines: Sequence[LinePicture]) -> Tensor:
        unknown = self._classes[UNREADABLE]
        targets = [self._classes.get(sign, unknown) for line in lines for sign in line.text]
        lengths = torch.tensor([len(line.text) for line in lines])
        likelihoods = scores.log_softmax(-1).transpose(0, 1)
        steps = torch.full((len(lines),), likelihoods.shape[0])
        losses = nn.functional.ctc_loss(
            likelihoods, torch.tensor(targets), steps, lengths, reduction="none", zero_infinity=True
        )
        # One line that can't be read must not outweigh the others.
        return (losses / lengths.clamp(min=3)).clamp(max=6).mean()

    def _add_to_average(self) -> None:
        kept = min(1 - 1 / AVERAGED_STEPS, (self._step + 1) / (self._step + 10))
        with torch.no_grad():
            for name, value in self._network.trained().items():
                self._average[name].mul_(kept).add_(value, alpha=1 - kept)


def train(plan: Plan) -> dict[str, npt.NDArray[np.float32]]:
    """Train until `plan.steps`, from the checkpoint if there is one; the averaged numbers by name."""
    torch.set_num_threads(1)
    plan.out.mkdir(parents=True, exist_ok=True)
    training = Training(plan)
    if training.finished:
        return training.outcome()
    rng = random.Random(training.step)
    began, losses = time.monotonic(), []
    with drawn_aside(partial(_instructive_lines, plan, training.step)) as bundles:
        for batch in (batch for bundle in bundles for batch in of_like_width(bundle, rng)):
            losses.append(training.learn(batch))
            if training.step % CHECKPOINT_EVERY == 0 or training.finished:
                training.save()
                seconds = time.monotonic() - began
                print(f"{seconds:.0f} s, step {training.step}, loss {fmean(losses):.3f}", flush=True)
                losses.clear()
            if training.finished:
                break
    return training.outcome()


def _instructive_lines(plan: Plan, seed: int) -> Iterator[LinePicture]:
    before = Reading(plan.before.weights.read_bytes(), plan.before.characters)
    lines = draws_in_fonts(plan.fonts, plan.before.characters).lines(seed)
    return instructive(lines, before, random.Random(seed))


def _optimiser(network: Recogniser) -> torch.optim.AdamW:
    """AdamW, which lets matrices and filters decay but neither offsets nor scales."""
    numbers = list(network.parameters())
    groups = [
        {"params": [one for one in numbers if one.dim() > 1], "weight_decay": 0.01},
        {"params": [one for one in numbers if one.dim() <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, RATE, betas=(0.9, 0.98))


def _share_of_rate(step: int, steps: int) -> float:
    """How much of the full rate of learning is used at a step: rising at first, then along a cosine."""
    falling = (1 + math.cos(math.pi * min(1.0, step / steps))) / 2
    return min(1.0, (step + 1) / RISING_STEPS) * (LAST_RATE + (1 - LAST_RATE) * falling)


def _at_times_coloured(line: npt.NDArray[np.uint8], noise: np.random.Generator) -> npt.NDArray[np.uint8]:
    return coloured(line, noise) if line.ndim == 2 and noise.random() < COLOURED else line

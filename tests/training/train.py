"""Training PP-OCRv6 tiny further, on the lines that `lines` draws."""

from __future__ import annotations

import math
import multiprocessing
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from services.engine.ocr.alphabet import usable_classes
from tests.training.lines import LineDraws, Reading, instructive, network_input
from tests.training.network import Recogniser
from tests.training.pictures import LinePicture

RATE = 2.5e-4
RISING_STEPS = 150
LAST_RATE = 0.03
"""Share of the rate of learning that is left at the end of its cosine."""

DRAWN_TOGETHER = 256
"""Lines that are sorted by width and dealt out to batches."""

BATCH_WIDTH = 6400
"""Summed width of a batch, padding included, in pixels."""

FOREIGN_CLASSES = 400
"""Classes beyond Latin letters, chosen anew for every step, that the right ones are weighed against."""

AVERAGED_STEPS = 500
"""About how many steps back the average of the weights reaches that is the outcome."""

COLOURED = 0.15
CHECKPOINT_EVERY = 200
LATIN = ("de", "fr", "pl")


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the fonts and the checkpoint lie, the weights to start from with their characters, and the steps."""

    fonts: Path
    out: Path
    weights: Path
    characters: Sequence[str]
    steps: int


class Training:
    """The network, its optimiser and the running average of its weights; kept in `out/checkpoint.pt`."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._classes = {character: place for place, character in enumerate(["", *plan.characters])}
        latin = usable_classes(["", *plan.characters], LATIN).tolist()
        self._latin = np.array(sorted({0, self._classes[" "], *latin}))
        self._foreign = np.setdiff1d(np.arange(len(self._classes)), self._latin)
        self._network = Recogniser(plan.weights)
        numbers = list(self._network.parameters())
        self._optimiser = torch.optim.AdamW(
            [
                {"params": [one for one in numbers if one.dim() > 1], "weight_decay": 0.01},
                {"params": [one for one in numbers if one.dim() <= 1], "weight_decay": 0.0},
            ],
            RATE,
            betas=(0.9, 0.98),
        )
        self.average = {name: value.detach().clone() for name, value in self._network.trained().items()}
        self.step = 0
        self._checkpoint = plan.out / "checkpoint.pt"
        if self._checkpoint.exists():
            self._resume()

    def learn(self, lines: Sequence[LinePicture]) -> float:
        """One step; the mean loss by character (CTC: A. Graves et al., 2006)."""
        random_numbers = np.random.default_rng(self.step)
        needed = {self._classes[sign] for line in lines for sign in line.text}
        foreign = random_numbers.choice(self._foreign, FOREIGN_CLASSES, replace=False)
        classes = np.unique([*self._latin, *needed, *foreign])
        pictures = [_coloured(line.pixels, random_numbers) for line in lines]
        scores = self._network(torch.from_numpy(network_input(pictures)), torch.from_numpy(classes))
        loss = self._loss(scores, lines, classes)
        for group in self._optimiser.param_groups:
            group["lr"] = RATE * _share_of_rate(self.step, self._plan.steps)
        self._optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimiser.step()
        self.step += 1
        self._add_to_average()
        return float(loss.detach())

    @property
    def finished(self) -> bool:
        return self.step >= self._plan.steps

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        state = {
            "step": self.step,
            "network": self._network.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "average": self.average,
        }
        part = self._checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.rename(self._checkpoint)

    def _resume(self) -> None:
        state: dict[str, Any] = torch.load(self._checkpoint)
        self._network.load_state_dict(state["network"])
        self._optimiser.load_state_dict(state["optimiser"])
        self.average, self.step = state["average"], state["step"]

    def _loss(self, scores: Tensor, lines: Sequence[LinePicture], classes: npt.NDArray[np.int64]) -> Tensor:
        place_of = {one: place for place, one in enumerate(classes.tolist())}
        targets = [place_of[self._classes[sign]] for line in lines for sign in line.text]
        lengths = torch.tensor([len(line.text) for line in lines])
        likelihoods = scores.log_softmax(-1).transpose(0, 1)
        steps = torch.full((len(lines),), likelihoods.shape[0])
        losses = nn.functional.ctc_loss(
            likelihoods, torch.tensor(targets), steps, lengths, reduction="none", zero_infinity=True
        )
        # One line that can't be read must not outweigh the others.
        return (losses / lengths.clamp(min=3)).clamp(max=6).mean()

    def _add_to_average(self) -> None:
        kept = min(1 - 1 / AVERAGED_STEPS, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for name, value in self._network.trained().items():
                self.average[name].mul_(kept).add_(value, alpha=1 - kept)


def train(plan: Plan) -> dict[str, npt.NDArray[np.float32]]:
    """Train until `plan.steps`, from the checkpoint if there is one; the averaged numbers by name."""
    torch.set_num_threads(1)
    torch.manual_seed(1)
    plan.out.mkdir(parents=True, exist_ok=True)
    training = Training(plan)
    drawn: Queue[list[LinePicture]] = multiprocessing.Queue(maxsize=20)  # type: ignore[assignment]
    drawing = multiprocessing.Process(target=_draw, args=(plan, training.step, drawn), daemon=True)
    drawing.start()
    began, mean = time.monotonic(), 0.0
    for lines in _batches(drawn, training):
        mean = 0.98 * mean + 0.02 * training.learn(lines)
        if training.step % CHECKPOINT_EVERY == 0 or training.finished:
            training.save()
            print(f"{time.monotonic() - began:.0f} s, step {training.step}, loss {mean:.3f}", flush=True)
    drawing.terminate()
    return {name: value.numpy() for name, value in training.average.items()}


def _draw(plan: Plan, seed: int, drawn: Queue[list[LinePicture]]) -> None:
    """Put bundles of lines into `drawn`, for ever."""
    lines = LineDraws(plan.fonts, plan.characters).lines(seed)
    kept = instructive(lines, Reading(plan.weights, plan.characters), random.Random(seed))
    while True:
        drawn.put([next(kept) for _ in range(DRAWN_TOGETHER)])


def _batches(drawn: Queue[list[LinePicture]], training: Training) -> Iterator[list[LinePicture]]:
    """Batches of lines of like widths until the training has made its steps."""
    rng = random.Random(training.step)
    while True:
        bundle = sorted(drawn.get(), key=lambda line: line.pixels.shape[1])
        batches: list[list[LinePicture]] = [[]]
        for line in bundle:
            if batches[-1] and line.pixels.shape[1] * (len(batches[-1]) + 1) > BATCH_WIDTH:
                batches.append([])
            batches[-1].append(line)
        rng.shuffle(batches)
        for batch in batches:
            if training.finished:
                return
            yield batch


def _share_of_rate(step: int, steps: int) -> float:
    """How much of the full rate of learning is used at a step: rising at first, then along a cosine."""
    falling = (1 + math.cos(math.pi * min(1.0, step / steps))) / 2
    return min(1.0, (step + 1) / RISING_STEPS) * (LAST_RATE + (1 - LAST_RATE) * falling)


def _coloured(line: npt.NDArray[np.uint8], random_numbers: np.random.Generator) -> npt.NDArray[np.uint8]:
    """A grey line now and then in coloured ink or on coloured paper."""
    if line.ndim == 3 or random_numbers.random() >= COLOURED:
        return line
    grey = line.astype(np.float32)[..., None] / 255
    if random_numbers.random() < 0.5:
        coloured = random_numbers.uniform(0, 60, 3) * (1 - grey) + 255 * grey
    else:
        coloured = random_numbers.uniform(190, 255, 3) * grey
    return np.asarray(np.clip(coloured, 0, 255), dtype=np.uint8)

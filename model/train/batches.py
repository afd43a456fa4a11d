"""Dialogues to batches: the same order on every machine, few shapes, little padding."""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from network import Batch
from text import Dialogue, Template, encode_dialogue, encode_prefix

# Sizes that dialogues, prefixes, and what is predicted of a dialogue are padded to, in tokens. Each new combination of sizes is
# compiled once, which takes ten seconds, so they are few.
SIZES = (128, 256, 384, 512, 640, 768, 1024, 1536, 2048)
PREFIXES = (832, 1056, 1280, 1536, 2048)
ROOMS = (128, 192, 256, 384, 512, 768, 1024, 2048)
# Dialogues of like length are put together among this many neighbours of the shuffled order.
WINDOW = 96
# More messages than a dialogue has.
MESSAGES = 1000


@dataclass(frozen=True)
class Dialogues:
    """Dialogues that begin with the same system message and tools."""

    prefix: list[int]
    train: list[Dialogue]
    validate: list[Dialogue]


def read_dialogues(path: Path, template: Template, tokenizer: Tokenizer) -> list[Dialogues]:
    """The generator's file, grouped by prefix. Dialogues longer than the largest size are left out, and said so."""
    prefixes: dict[str, list[int]] = {}
    groups: dict[str, tuple[list[Dialogue], list[Dialogue]]] = defaultdict(lambda: ([], []))
    dropped = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            system = record["messages"][0]
            key = json.dumps([system, record["tools"]])
            if key not in prefixes:
                prefixes[key] = encode_prefix(template, tokenizer, system, record["tools"])
            dialogue = encode_dialogue(template, tokenizer, record)
            if len(dialogue.tokens) > SIZES[-1]:
                dropped += 1
                continue
            groups[key][record["validate"]].append(dialogue)
    if dropped > 0:
        print(f"{dropped} dialogues are longer than {SIZES[-1]} tokens and are left out.")
    return [Dialogues(prefixes[key], train, validate) for key, (train, validate) in groups.items()]


def plan(groups: list[Dialogues], budget: int, seed: int, validate: bool = False) -> Iterator[Batch]:
    """Batches of at most `budget` tokens behind the prefix, for ever; an epoch is shuffled anew each time."""
    epoch = 0
    while True:
        generator = random.Random(f"{seed} {epoch}")
        chosen = [
            (group.prefix, part)
            for group in groups
            for part in _split(group.validate if validate else group.train, budget, generator)
        ]
        generator.shuffle(chosen)
        if not chosen:
            raise ValueError("There are no dialogues to train on.")
        # Each message counts the same, in whatever company it is: a batch of many weighs more than one of few.
        unit = sum(_weight(dialogue) for _, part in chosen for dialogue in part) / len(chosen)
        for prefix, part in chosen:
            yield _batch(prefix, part, budget, unit)
        epoch += 1


def _split(dialogues: list[Dialogue], budget: int, generator: random.Random) -> Iterator[list[Dialogue]]:
    shuffled = generator.sample(dialogues, len(dialogues))
    for start in range(0, len(shuffled), WINDOW):
        part: list[Dialogue] = []
        for dialogue in sorted(shuffled[start : start + WINDOW], key=lambda each: len(each.tokens)):
            if part and len(part) >= max(1, budget // _size(dialogue)):
                yield part
                part = []
            part.append(dialogue)
        if part:
            yield part


def _weight(dialogue: Dialogue) -> float:
    """A call of few tokens decides more than an answer of many: a message counts with the root of its length."""
    return sum(length**0.5 for message, length in Counter(dialogue.said).items() if message != 0)


def _size(dialogue: Dialogue) -> int:
    return _fitting(SIZES, len(dialogue.tokens))


def _batch(prefix: list[int], dialogues: list[Dialogue], budget: int, unit: float) -> Batch:
    size = max(_size(dialogue) for dialogue in dialogues)
    count = max(1, budget // size)
    room = _fitting(ROOMS, max(sum(message != 0 for message in dialogue.said) for dialogue in dialogues))
    tokens = np.zeros((count, size), np.int32)
    places, targets, calls = np.full((count, room), size, np.int32), *np.zeros((2, count, room), np.int32)
    weights = np.zeros((count, room), np.float32)
    for row, dialogue in enumerate(dialogues):
        tokens[row, : len(dialogue.tokens)] = dialogue.tokens
        lengths = Counter(dialogue.said)
        predicted = [at for at, message in enumerate(dialogue.said) if message != 0]
        for column, at in enumerate(predicted):
            message = dialogue.said[at]
            places[row, column] = at - 1
            targets[row, column] = dialogue.tokens[at]
            weights[row, column] = lengths[message] ** -0.5 / unit
            calls[row, column] = row * MESSAGES + message if message in dialogue.calls else 0
    fitting = _fitting(PREFIXES, len(prefix))
    padded = np.pad(np.asarray(prefix, np.int32), (0, fitting - len(prefix)))
    return Batch(padded, np.int32(len(prefix)), tokens, places, targets, weights, calls)


def _fitting(sizes: Sequence[int], count: int) -> int:
    """The smallest of the sizes that has room."""
    return next(size for size in sizes if size >= count)

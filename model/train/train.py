"""Trains the adapter. Ends with a checkpoint that export.py makes a GGUF of.

Runs on the CPU, or on a GPU where JAX finds one. Interrupted, it goes on from its last checkpoint; the same data and
options take the same steps on the same kind of machine.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import shutil
import sys
import time
from functools import partial
from pathlib import Path

# glibc keeps what large arrays leave behind in many arenas; one is enough for one thread of Python.
os.environ.setdefault("MALLOC_ARENA_MAX", "2")

import jax  # noqa: E402
import numpy as np  # noqa: E402
import optax  # noqa: E402

from batches import plan, read_dialogues  # noqa: E402
from export import read_adapter  # noqa: E402
from network import ALPHA, Batch, Lora, Weights, loss, losses, new_lora  # noqa: E402
from text import Template, read_tokenizer  # noqa: E402
from weights import Config, read_config, read_gguf, read_weights, sha256  # noqa: E402

# Steps until the rate is at its highest, steps until it begins to go down with the root of the steps, and the part of all
# steps in which it falls to nothing. But for that last part the rate does not depend on how many steps there will be, so
# that a longer run can go on from where a shorter one began to fall (Zhai et al. 2022, "Scaling vision transformers").
WARM_UP = 20
LEVEL = 60
FALL = 0.25
CLIP = 1.0
# B learns so many times faster than A (Hayou et al. 2024, "LoRA+: Efficient low rank adaptation of large models"): the
# loss of 50 steps is then reached in 30 (measured).
FASTER = 4.0
VALIDATION_BATCHES = 12
LAYERS_IN_BFLOAT16 = ("embedding", "qkv", "out", "gate_up", "down")


def main() -> int:
    options = parse()
    limit_memory(options.memory)
    options.build.mkdir(parents=True, exist_ok=True)
    # One step's memory is given back before the next one's is asked for.
    jax.config.update("jax_cpu_enable_async_dispatch", False)
    jax.config.update("jax_compilation_cache_dir", str(options.build / "compiled"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 1)
    reader = read_gguf(options.base)
    config = read_config(reader)
    weights = {
        key: jax.numpy.asarray(value, jax.numpy.bfloat16 if key in LAYERS_IN_BFLOAT16 else jax.numpy.float32)
        for key, value in read_weights(reader, config).items()
    }
    groups = read_dialogues(options.dialogues, Template(options.template), read_tokenizer(reader))
    count = sum(len(group.train) for group in groups)
    print(f"{count} dialogues to train on, with {len(groups)} prefixes, on {jax.devices()[0].platform}.", flush=True)
    run = describe(options)
    optimiser = new_optimiser()
    lora = new_lora(config, options.rank, options.seed)
    if options.start is not None:
        lora = from_adapter(options.start, config, lora, ALPHA / options.rank)
    state = optimiser.init(lora)
    done = 0
    last, level = options.build / "checkpoint.npz", options.build / "level.npz"
    if not options.fresh:
        found = [load(path, run, options.steps, lora, state) for path in (last, level)]
        done, lora, state = max([(done, lora, state), *filter(None, found)], key=lambda each: each[0])
        if done > 0:
            print(f"Going on from step {done}.", flush=True)

    def keep(number: int, lora: Lora, state) -> None:
        save(last, run, options.steps, number, lora, state)
        if number <= level_steps(options.steps):
            shutil.copyfile(last, level)

    train(options, config, weights, groups, optimiser, lora, state, done, keep)
    return 0


def parse() -> argparse.Namespace:
    here = Path(__file__).parent.parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="the base model's GGUF")
    parser.add_argument("--template", type=Path, default=here / "chatml.jinja")
    parser.add_argument("--build", type=Path, default=here / "build")
    parser.add_argument("--dialogues", type=Path, default=here / "build" / "dialogues.jsonl")
    parser.add_argument("--from", dest="start", type=Path, help="an adapter (GGUF) to begin with, instead of nothing")
    parser.add_argument("--steps", type=int, default=2200)
    parser.add_argument("--shallow", type=int, default=1350, help="first steps, in which gradients do not go through what was read")
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--rate", type=float, default=1e-3, help="the highest learning rate")
    parser.add_argument("--tokens", type=int, default=2048, help="tokens of a step, besides the prefix")
    parser.add_argument("--keep", type=int, default=50, help="steps between checkpoints")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--memory", type=float, default=20, help="GiB that the process may take")
    parser.add_argument("--fresh", action="store_true", help="begin anew, whatever was kept")
    return parser.parse_args()


def limit_memory(gibibytes: float) -> None:
    """More than this ends in a MemoryError here and not in a machine that swaps."""
    size = int(gibibytes * 2**30)
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def describe(options: argparse.Namespace) -> str:
    """What a checkpoint belongs to, besides its steps: with anything of this changed it is of no use."""
    return json.dumps(
        {
            "dialogues": sha256(options.dialogues),
            "base": sha256(options.base),
            "template": sha256(options.template),
            "from": None if options.start is None else sha256(options.start),
            **{key: getattr(options, key) for key in ("shallow", "rank", "rate", "tokens", "seed")},
        }
    )


def from_adapter(path: Path, config: Config, new: Lora, scale: float) -> Lora:
    """What an adapter says, in factors like those of a new one: the columns of A have length 1.

    Columns that it does not have are new ones: with both factors zero they would never learn.
    """
    old = read_adapter(path, config)
    lora: Lora = {}
    for name in {key.removesuffix(".a").removesuffix(".b") for key in new}:
        a, b = np.array(new[f"{name}.a"]), np.array(new[f"{name}.b"])
        found_a, found_b = np.asarray(old[f"{name}.a"]), np.asarray(old[f"{name}.b"])
        rank = found_a.shape[2]
        if rank > a.shape[2]:
            raise ValueError(f"{path} has rank {rank}; --rank must not be less.")
        length = np.linalg.norm(found_a, axis=1)
        for layer, column in zip(*np.nonzero(length)):
            a[layer, :, column] = found_a[layer, :, column] / length[layer, column]
            b[layer, column] = found_b[layer, column] * length[layer, column] / scale
        lora |= {f"{name}.a": jax.numpy.asarray(a), f"{name}.b": jax.numpy.asarray(b)}
    return {key: lora[key] for key in new}


def rate_at(step: int, steps: int, highest: float) -> float:
    """The learning rate of a step, counted from 0."""
    warm = min(step / WARM_UP, 1.0)
    falling = min((steps - step) / (steps - level_steps(steps)), 1.0)
    return highest * warm * falling / max(step / LEVEL, 1.0) ** 0.5


def new_optimiser() -> optax.GradientTransformation:
    """Adam at rate 1: the rate is given with each step, so that what is compiled serves for every one."""
    faster = optax.stateless(
        lambda updates, _: {key: value * FASTER if key.endswith(".b") else value for key, value in updates.items()}
    )
    return optax.chain(optax.clip_by_global_norm(CLIP), optax.scale_by_adam(b2=0.99), faster, optax.scale(-1.0))


def level_steps(steps: int) -> int:
    """Steps before the rate begins to fall."""
    return steps - round(steps * FALL)


def train(options, config: Config, weights: Weights, groups, optimiser, lora: Lora, state, done: int, keep) -> None:
    """Takes the steps that are left. Keeps what it has every `keep` steps and at the end."""
    scale = ALPHA / options.rank
    measure = jax.jit(lambda weights, lora, batch: losses(config, weights, lora, scale, batch))

    @partial(jax.jit, donate_argnums=(1, 2), static_argnums=5)
    def step(weights: Weights, lora: Lora, state, batch: Batch, rate: float, through: bool):
        value, gradient = jax.value_and_grad(lambda each: loss(config, weights, each, scale, batch, through))(lora)
        updates, state = optimiser.update(gradient, state, lora)
        return optax.apply_updates(lora, {key: each * rate for key, each in updates.items()}), state, value

    batches = itertools.islice(plan(groups, options.tokens, options.seed), done, options.steps)
    held = list(itertools.islice(plan(groups, options.tokens, 0, validate=True), VALIDATION_BATCHES))
    began = time.monotonic()
    recent: list[float] = []
    for number, batch in enumerate(batches, done + 1):
        rate = rate_at(number - 1, options.steps, options.rate)
        lora, state, value = step(weights, lora, state, batch, rate, number > options.shallow)
        recent.append(float(value))
        if number % 10 == 0 or number == options.steps:
            tell(number, options.steps, recent, (time.monotonic() - began) / (number - done))
            recent.clear()
        if number % options.keep == 0 or number in (level_steps(options.steps), options.steps):
            keep(number, lora, state)
            tell_held([(each, *measure(weights, lora, each)) for each in held])


def tell(number: int, steps: int, recent: list[float], seconds: float) -> None:
    left = round(seconds * (steps - number) / 60)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    loss = sum(recent) / len(recent)
    print(
        f"step {number} of {steps}: loss {loss:.4f}, {seconds:.1f} s a step, {memory:.1f} GiB, {left} min left",
        flush=True,
    )


def tell_held(measured: list[tuple[Batch, jax.Array, jax.Array]]) -> None:
    """How well it does on dialogues that it is not trained on; a call is right when each of its tokens is."""
    entropy, count = 0.0, 0
    right, calls = 0, 0
    for batch, each, hits in measured:
        real = batch.weights > 0
        entropy += float(np.sum(np.asarray(each)[real]))
        count += int(np.sum(real))
        for call in np.unique(batch.calls[batch.calls > 0]):
            calls += 1
            right += bool(np.all(np.asarray(hits)[batch.calls == call]))
    print(f"  held back: loss {entropy / count:.4f}, {right} of {calls} calls right", flush=True)


def save(path: Path, run: str, steps: int, number: int, lora: Lora, state) -> None:
    """Whole or not at all: written beside, then renamed."""
    part = path.with_suffix(".part.npz")
    names = {f"lora {name}": np.asarray(value) for name, value in lora.items()}
    leaves = {f"state {index}": np.asarray(leaf) for index, leaf in enumerate(jax.tree.leaves(state))}
    np.savez(part, run=run, steps=steps, step=number, **names, **leaves)
    part.replace(path)


def load(path: Path, run: str, steps: int, lora: Lora, state) -> tuple[int, Lora, object] | None:
    """What was kept of the same run, or of a shorter or longer one before its rate began to fall, if anything."""
    if not path.exists():
        return None
    with np.load(path) as kept:
        if str(kept["run"]) != run:
            return None
        of, number = int(kept["steps"]), int(kept["step"])
        if of != steps and number > min(level_steps(of), level_steps(steps)):
            return None
        lora = {name: jax.numpy.asarray(kept[f"lora {name}"]) for name in lora}
        structure = jax.tree.structure(state)
        leaves = [jax.numpy.asarray(kept[f"state {index}"]) for index in range(structure.num_leaves)]
        state = jax.tree.unflatten(structure, leaves)
        return number, lora, state


if __name__ == "__main__":
    sys.exit(main())

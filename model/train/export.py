"""Adapter to GGUF: the rank is cut by singular values until the file is small enough."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, GGUFWriter
from gguf.quants import dequantize, quantize

from network import ALPHA, Lora, new_lora
from weights import GROUPS, Config, read_config, read_gguf, sha256

NAMES = tuple(name for names in GROUPS.values() for name in names)
# A takes four bits a value, B sixteen: the rows of B, as long as the rank is, are too short for blocks of 32. At 6 MB
# five of sixteen ranks more are kept than with sixteen bits for both, which was 4 of 122 held-back calls (measured).
A_TYPE = GGMLQuantizationType.Q4_0
A_BYTES = 18 / 32
B_BYTES = 2


def products(lora: Lora, scale: float, config: Config) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """For each tensor its change of the weights as two factors (inputs, n), (n, outputs), the likeliest rank first.

    The factors are those of the singular value decomposition of scale * A * B, the values divided evenly between
    them; so cutting both after n columns is the best approximation of rank n (Eckart and Young 1936).
    """
    found = {}
    for layer in range(config.layers):
        for name in NAMES:
            a = np.asarray(lora[f"{name}.a"][layer], np.float64)
            b = np.asarray(lora[f"{name}.b"][layer], np.float64) * scale
            # Of thin factors by way of their own decompositions: the whole product is never formed.
            qa, ra = np.linalg.qr(a)
            qb, rb = np.linalg.qr(b.T)
            u, values, v = np.linalg.svd(ra @ rb.T)
            root = np.sqrt(values)
            found[f"blk.{layer}.{name}.weight"] = ((qa @ u) * root, (root[:, None] * v) @ qb.T)
    return found


def ranks_within(factors: dict[str, tuple[np.ndarray, np.ndarray]], limit: int) -> dict[str, int]:
    """How many columns of each tensor are kept, so that all of them take at most `limit` bytes.

    Greedy by what a column contributes (its squared singular value) for its bytes; each tensor keeps at least one.
    """
    kept = dict.fromkeys(factors, 1)
    size = {key: a.shape[0] * A_BYTES + b.shape[1] * B_BYTES for key, (a, b) in factors.items()}
    room = limit - sum(size.values())
    columns = [
        (np.linalg.norm(a[:, at]) ** 2 * np.linalg.norm(b[at]) ** 2 / size[key], key)
        for key, (a, b) in factors.items()
        for at in range(1, a.shape[1])
    ]
    for _, key in sorted(columns, reverse=True):
        if room >= size[key]:
            kept[key] += 1
            room -= size[key]
    return kept


def write_adapter(path: Path, lora: Lora, scale: float, config: Config, limit: int) -> dict[str, int]:
    """Writes the adapter with at most `limit` bytes and returns the rank kept for each tensor.

    The scale is folded into the factors and alpha is 0, which llama.cpp reads as "no scale": then ranks may differ
    from tensor to tensor. Tensor shapes as llama.cpp's convert_lora_to_gguf.py writes them.
    """
    factors = products(lora, scale, config)
    # Header and names are a few ten kilobytes.
    kept = ranks_within(factors, limit - 64 * 1024)
    part = path.with_suffix(".part")
    writer = GGUFWriter(str(part), "llama")
    writer.add_type("adapter")
    writer.add_name("Drover first-run adapter")
    writer.add_license("apache-2.0")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 0.0)
    for key, (a, b) in factors.items():
        rank = kept[key]
        blocks = quantize(np.ascontiguousarray(a[:, :rank].T, np.float32), A_TYPE)
        writer.add_tensor(f"{key}.lora_a", blocks, raw_dtype=A_TYPE)
        writer.add_tensor(f"{key}.lora_b", np.ascontiguousarray(b[:rank].T, np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(path)
    return kept


def read_adapter(path: Path, config: Config) -> Lora:
    """An adapter as the network takes it, at scale 1; lower ranks are filled up with zeros."""
    tensors = {tensor.name: dequantize(tensor.data, tensor.tensor_type) for tensor in GGUFReader(str(path)).tensors}
    rank = max(tensor.shape[0] for name, tensor in tensors.items() if name.endswith(".lora_a"))
    lora: Lora = {}
    for name in NAMES:
        keys = [f"blk.{layer}.{name}.weight" for layer in range(config.layers)]
        lora[f"{name}.a"] = jnp.asarray(np.stack([_wide(tensors[f"{key}.lora_a"], rank).T for key in keys]))
        lora[f"{name}.b"] = jnp.asarray(np.stack([_wide(tensors[f"{key}.lora_b"].T, rank) for key in keys]))
    return lora


def _wide(rows: np.ndarray, rank: int) -> np.ndarray:
    return np.pad(rows, ((0, rank - rows.shape[0]), (0, 0)))


def main() -> int:
    here = Path(__file__).parent.parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="the base model's GGUF")
    parser.add_argument("--build", type=Path, default=here / "build")
    parser.add_argument("--out", type=Path, default=here / "first-run.gguf")
    parser.add_argument("--limit", type=int, default=6_000_000, help="bytes of the adapter at most")
    options = parser.parse_args()
    config = read_config(read_gguf(options.base))
    with np.load(options.build / "checkpoint.npz") as kept:
        run = json.loads(str(kept["run"]))
        lora = {name: np.asarray(kept[f"lora {name}"]) for name in new_lora(config, 1, 0)}
        step, steps = int(kept["step"]), int(kept["steps"])
    ranks = write_adapter(options.out, lora, ALPHA / run["rank"], config, options.limit)
    contract = json.loads((options.build / "contract.json").read_text(encoding="utf-8"))
    trained = {
        "contract": contract["hash"],
        "adapter": sha256(options.out),
        "ranks": {"mean": round(sum(ranks.values()) / len(ranks), 2), "of": run["rank"]},
        "taken": step,
        "steps": steps,
        **{key: value for key, value in run.items() if key != "rank"},
    }
    text = json.dumps(trained, indent=2) + "\n"
    options.out.with_name("trained.json").write_text(text, encoding="utf-8")
    print(f"{options.out}: {options.out.stat().st_size:,} bytes, rank {trained['ranks']['mean']} on average.")
    if step < steps:
        print(f"This is step {step} of {steps}: the training has not come to its end.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

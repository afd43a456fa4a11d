"""The base model's weights, read from its GGUF and dequantised."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf import GGUFReader
from gguf.quants import dequantize

# Names of the projections of a layer as llama.cpp calls them, and how they are put together here: projections that
# read the same input are one matrix, because few large products are faster than many small ones.
GROUPS: dict[str, tuple[str, ...]] = {
    "qkv": ("attn_q", "attn_k", "attn_v"),
    "out": ("attn_output",),
    "gate_up": ("ffn_gate", "ffn_up"),
    "down": ("ffn_down",),
}


@dataclass(frozen=True)
class Config:
    """Sizes of a Llama network, as its GGUF states them."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    head: int
    ffn: int
    vocabulary: int
    context: int
    rope_base: float
    epsilon: float

    def outputs(self, name: str) -> int:
        """Rows of one projection's matrix."""
        return {
            "attn_q": self.heads * self.head,
            "attn_k": self.kv_heads * self.head,
            "attn_v": self.kv_heads * self.head,
            "attn_output": self.width,
            "ffn_gate": self.ffn,
            "ffn_up": self.ffn,
            "ffn_down": self.width,
        }[name]

    def inputs(self, name: str) -> int:
        """Columns of one projection's matrix."""
        return {"attn_output": self.heads * self.head, "ffn_down": self.ffn}.get(name, self.width)


def read_gguf(path: Path) -> GGUFReader:
    """Opens a GGUF; everything else here takes what this returns."""
    return GGUFReader(str(path))


def read_config(reader: GGUFReader) -> Config:
    """The sizes of a model of architecture `llama`.

    Raises ValueError for any other architecture: the forward pass here is Llama's alone.
    """

    def field(name: str):
        found = reader.get_field(name)
        if found is None:
            raise ValueError(f"The GGUF does not state {name}.")
        return found.contents()

    architecture = field("general.architecture")
    if architecture != "llama":
        raise ValueError(f"The base model must be of architecture llama, not {architecture}.")
    heads = field("llama.attention.head_count")
    return Config(
        layers=field("llama.block_count"),
        width=field("llama.embedding_length"),
        heads=heads,
        kv_heads=field("llama.attention.head_count_kv"),
        head=field("llama.rope.dimension_count"),
        ffn=field("llama.feed_forward_length"),
        vocabulary=field("llama.vocab_size"),
        context=field("llama.context_length"),
        rope_base=field("llama.rope.freq_base"),
        epsilon=field("llama.attention.layer_norm_rms_epsilon"),
    )


def read_weights(reader: GGUFReader, config: Config) -> dict[str, np.ndarray]:
    """All weights as float32, those of the layers stacked along a first axis; matrices are (inputs, outputs).

    Keys: `embedding` (vocabulary, width), `final_norm`, `attn_norm` and `ffn_norm` (layers, width), and the names of
    GROUPS (layers, inputs, outputs). q and k keep the row order of the GGUF, in which rotary pairs are neighbours.
    """
    tensors = {tensor.name: tensor for tensor in reader.tensors}

    def matrix(name: str) -> np.ndarray:
        tensor = tensors[name]
        return np.asarray(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32)

    def layer(index: int, name: str) -> np.ndarray:
        return matrix(f"blk.{index}.{name}.weight")

    weights = {"embedding": matrix("token_embd.weight"), "final_norm": matrix("output_norm.weight")}
    for norm in ("attn_norm", "ffn_norm"):
        weights[norm] = np.stack([layer(index, norm) for index in range(config.layers)])
    for group, names in GROUPS.items():
        weights[group] = np.stack(
            [np.concatenate([layer(index, name).T for name in names], axis=1) for index in range(config.layers)]
        )
    return weights


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

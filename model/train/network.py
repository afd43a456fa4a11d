"""Llama's forward pass with LoRA, for many dialogues that begin with the same tokens.

The system text and the tool list are the same for all dialogues of a batch, so they are computed once: dialogues
attend to the keys and values of this prefix, and gradients flow back through them. That is exact, and for our prompts
costs about a third of computing each dialogue whole.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax.ad_checkpoint import checkpoint_name

from products import PRODUCTS, SHARES, adapted, unembedded, weighted
from weights import GROUPS, Config

# LoRA's scale is ALPHA / rank, so that the rate needs no change with the rank (Hu et al. 2021, section 4.1).
ALPHA = 32

Weights = dict[str, jax.Array]
# For each projection `NAME.a` (layers, inputs, rank) and `NAME.b` (layers, rank, outputs).
Lora = dict[str, jax.Array]


class Batch(NamedTuple):
    """Token ids and where the loss is taken. P: prefix, B: dialogues, S: tokens of each, T: predicted tokens."""

    prefix: jax.Array  # (P,) padded at the end
    prefix_length: jax.Array  # ()
    tokens: jax.Array  # (B, S) padded at the end
    places: jax.Array  # (T,) index into B*S of the token before each predicted one
    targets: jax.Array  # (T,)
    weights: jax.Array  # (T,) of the losses; 0 for padding
    calls: jax.Array  # (T,) number of the call that a token is part of; 0: of none


def new_lora(config: Config, rank: int, seed: int) -> Lora:
    """A is random, B is zero: the network begins as the base model (Hu et al. 2021, section 4.1)."""
    generator = np.random.default_rng(seed)
    lora: Lora = {}
    for names in GROUPS.values():
        for name in names:
            rows, columns = config.inputs(name), config.outputs(name)
            a = generator.normal(0, 1 / np.sqrt(rows), (config.layers, rows, rank))
            lora[f"{name}.a"] = jnp.asarray(a, jnp.float32)
            lora[f"{name}.b"] = jnp.zeros((config.layers, rank, columns), jnp.float32)
    return lora


def hidden_states(
    config: Config, weights: Weights, lora: Lora, scale: float, batch: Batch, precision: jnp.dtype
) -> tuple[jax.Array, jax.Array]:
    """Normalised last hidden states of the prefix (P, width) and of the dialogues (B*S, width), in float32.

    `precision` is that of the products; sums along the network are kept in float32.
    """
    prefix_size = batch.prefix.shape[0]
    count, size = batch.tokens.shape
    tokens = jnp.concatenate([batch.prefix, batch.tokens.reshape(-1)])
    positions = jnp.concatenate([jnp.arange(prefix_size), jnp.tile(batch.prefix_length + jnp.arange(size), count)])
    rotation = _rotation(config, positions)

    def project(x: jax.Array, layer: dict[str, jax.Array], group: str) -> jax.Array:
        names = GROUPS[group]
        a = jnp.concatenate([layer[f"{name}.a"] for name in names], axis=1)
        b = jax.scipy.linalg.block_diag(*[layer[f"{name}.b"] for name in names]) * scale
        whole = adapted(x.astype(precision), layer[group], a.astype(precision), b.astype(precision))
        return checkpoint_name(whole, PRODUCTS)

    def layer_step(x: jax.Array, layer: dict[str, jax.Array]) -> tuple[jax.Array, None]:
        qkv = project(_norm(x, layer["attn_norm"], config), layer, "qkv")
        attended = _attention(config, qkv, rotation, prefix_size, batch.prefix_length, count)
        x = x + project(attended, layer, "out").astype(jnp.float32)
        gate, up = jnp.split(project(_norm(x, layer["ffn_norm"], config), layer, "gate_up"), 2, axis=1)
        x = x + project(jax.nn.silu(gate.astype(jnp.float32)).astype(precision) * up, layer, "down").astype(jnp.float32)
        return x, None

    layers = {key: value for key, value in weights.items() if key not in ("embedding", "final_norm")} | lora
    # What is dear to compute again is kept for the way back; what is cheap is computed twice, or memory would not do.
    step = jax.checkpoint(layer_step, policy=jax.checkpoint_policies.save_only_these_names(PRODUCTS, SHARES))
    x, _ = jax.lax.scan(step, weights["embedding"][tokens].astype(jnp.float32), layers)
    x = _norm(x, weights["final_norm"], config)
    return x[:prefix_size], x[prefix_size:]


def losses(
    config: Config, weights: Weights, lora: Lora, scale: float, batch: Batch, precision: jnp.dtype = jnp.bfloat16
) -> tuple[jax.Array, jax.Array]:
    """Of the predicted tokens (T,): cross entropy in nats, and whether the likeliest token is the right one."""
    _, states = hidden_states(config, weights, lora, scale, batch, precision)
    logits = unembedded(states[batch.places].astype(precision), weights["embedding"].astype(precision))
    chosen = jnp.take_along_axis(logits, batch.targets[:, None], axis=1)[:, 0]
    return jax.nn.logsumexp(logits, axis=1) - chosen, chosen >= logits.max(axis=1)


def loss(config: Config, weights: Weights, lora: Lora, scale: float, batch: Batch) -> jax.Array:
    """Weighted sum of the losses; the weights of an average batch sum to 1."""
    each, _ = losses(config, weights, lora, scale, batch)
    return jnp.sum(each * batch.weights)


def _norm(x: jax.Array, weight: jax.Array, config: Config) -> jax.Array:
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + config.epsilon) * weight


def _rotation(config: Config, positions: jax.Array) -> tuple[jax.Array, jax.Array]:
    rates = config.rope_base ** (-jnp.arange(0, config.head, 2) / config.head)
    angles = positions[:, None] * rates[None, :]
    return jnp.cos(angles)[:, None, :], jnp.sin(angles)[:, None, :]


def _rotate(x: jax.Array, rotation: tuple[jax.Array, jax.Array]) -> jax.Array:
    """x: (tokens, heads, head); pairs are neighbours."""
    cos, sin = rotation
    even, odd = x[..., 0::2].astype(jnp.float32), x[..., 1::2].astype(jnp.float32)
    turned = jnp.stack([even * cos - odd * sin, even * sin + odd * cos], axis=-1)
    return turned.reshape(x.shape).astype(x.dtype)


def _attention(
    config: Config, qkv: jax.Array, rotation: tuple[jax.Array, jax.Array], prefix_size: int, prefix_length, count: int
) -> jax.Array:
    """qkv: (P + B*S, all heads). Returns (P + B*S, heads * head).

    The sum of a row of shares is a product with ones, taken along with the values, and the largest score is not
    subtracted first: so the table of shares is gone through once where a softmax goes four times, which is what costs
    most on a CPU. Scores of this model stay far below 88, where the exponential of a float32 ends.
    """
    tokens = qkv.shape[0]
    groups = config.heads // config.kv_heads
    size = (tokens - prefix_size) // count
    query_size, key_size = config.heads * config.head, config.kv_heads * config.head
    queries = _rotate(qkv[:, :query_size].reshape(tokens, config.heads, config.head), rotation)
    queries = (queries * config.head**-0.5).astype(qkv.dtype).reshape(tokens, config.kv_heads, groups, config.head)
    keys = _rotate(qkv[:, query_size : query_size + key_size].reshape(tokens, config.kv_heads, config.head), rotation)
    values = qkv[:, query_size + key_size :].reshape(tokens, config.kv_heads, config.head)
    values = jnp.concatenate([values, jnp.ones((*values.shape[:-1], 1), values.dtype)], axis=-1)
    # What fills up the prefix counts nothing.
    present = (jnp.arange(prefix_size) < prefix_length).astype(values.dtype)[:, None]

    def stacked(q: jax.Array) -> jax.Array:
        """(tokens, groups, head) as rows of one matrix, group by group."""
        return q.transpose(1, 0, 2).reshape(-1, config.head)

    def causal(length: int) -> jax.Array:
        return jnp.tile(jnp.tril(jnp.ones((length, length), bool)), (groups, 1))

    def divided(sums: jax.Array, length: int) -> jax.Array:
        """Back to (tokens, groups, head)."""
        return (sums[:, :-1] / sums[:, -1:]).reshape(groups, length, config.head).transpose(1, 0, 2)

    heads = []
    for head in range(config.kv_heads):
        q, k, v = queries[:, head], keys[:, head], values[:, head]
        parts = []
        if prefix_size > 0:
            first = weighted(stacked(q[:prefix_size]), k[:prefix_size], v[:prefix_size], causal(prefix_size))
            parts.append(divided(first, prefix_size))
        rows = [slice(prefix_size + at * size, prefix_size + (at + 1) * size) for at in range(count)]
        behind = [stacked(q[row]) for row in rows]
        to_prefix = weighted(jnp.concatenate(behind), k[:prefix_size], v[:prefix_size] * present, None)
        for at, row in enumerate(rows):
            own = weighted(behind[at], k[row], v[row], causal(size))
            sums = own + to_prefix[at * groups * size : (at + 1) * groups * size]
            parts.append(divided(sums, size))
        heads.append(jnp.concatenate(parts))
    return jnp.stack(heads, axis=1).astype(qkv.dtype).reshape(tokens, query_size)

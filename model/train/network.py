"""Llama's forward pass with LoRA, for many dialogues that begin with the same tokens.

The system text and the tool list are the same for all dialogues of a batch, so they are computed once, and dialogues
attend to the keys and values of this prefix. No gradient flows back through it: that costs a fifth of a step, and
nothing is said in the prefix that could be learned.
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
) -> jax.Array:
    """Normalised last hidden states of the dialogues (B*S, width), in float32.

    `precision` is that of the products; sums along the network are kept in float32.
    """
    prefix_size = batch.prefix.shape[0]
    count, size = batch.tokens.shape
    frozen = {key: value for key, value in weights.items() if key not in ("embedding", "final_norm")}

    def project(x: jax.Array, layer: dict[str, jax.Array], group: str) -> jax.Array:
        names = GROUPS[group]
        a = jnp.concatenate([layer[f"{name}.a"] for name in names], axis=1)
        b = jax.scipy.linalg.block_diag(*[layer[f"{name}.b"] for name in names]) * scale
        whole = adapted(x.astype(precision), layer[group], a.astype(precision), b.astype(precision))
        return checkpoint_name(whole, PRODUCTS)

    def heads(x: jax.Array, layer: dict[str, jax.Array], rotation: tuple[jax.Array, jax.Array]) -> Heads:
        return _heads(config, project(_norm(x, layer["attn_norm"], config), layer, "qkv"), rotation)

    def rest(x: jax.Array, layer: dict[str, jax.Array], attended: jax.Array) -> jax.Array:
        x = x + project(attended, layer, "out").astype(jnp.float32)
        gate, up = jnp.split(project(_norm(x, layer["ffn_norm"], config), layer, "gate_up"), 2, axis=1)
        return x + project(jax.nn.silu(gate.astype(jnp.float32)).astype(precision) * up, layer, "down").astype(
            jnp.float32
        )

    def prefix_step(x: jax.Array, layer: dict[str, jax.Array]) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
        own = heads(x, layer, _rotation(config, jnp.arange(prefix_size)))
        return rest(x, layer, _attend(config, own, prefix_size)), (own.keys, own.values)

    # What fills up the prefix counts nothing.
    present = (jnp.arange(prefix_size) < batch.prefix_length)[:, None, None]
    behind = _rotation(config, jnp.tile(batch.prefix_length + jnp.arange(size), count))

    def dialogue_step(x: jax.Array, layer_and_prefix) -> tuple[jax.Array, None]:
        layer, (keys, values) = layer_and_prefix
        own = heads(x, layer, behind)
        return rest(x, layer, _attend(config, own, size, (keys, values * present.astype(values.dtype)))), None

    start = weights["embedding"][batch.prefix].astype(jnp.float32)
    _, read = jax.lax.scan(prefix_step, start, frozen | jax.lax.stop_gradient(lora))
    # What is dear to compute again is kept for the way back; what is cheap is computed twice, or memory would not do.
    step = jax.checkpoint(dialogue_step, policy=jax.checkpoint_policies.save_only_these_names(PRODUCTS, SHARES))
    start = weights["embedding"][batch.tokens.reshape(-1)].astype(jnp.float32)
    x, _ = jax.lax.scan(step, start, (frozen | lora, jax.lax.stop_gradient(read)))
    return _norm(x, weights["final_norm"], config)


def losses(
    config: Config, weights: Weights, lora: Lora, scale: float, batch: Batch, precision: jnp.dtype = jnp.bfloat16
) -> tuple[jax.Array, jax.Array]:
    """Of the predicted tokens (T,): cross entropy in nats, and whether the likeliest token is the right one."""
    states = hidden_states(config, weights, lora, scale, batch, precision)
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


class Heads(NamedTuple):
    """Of some tokens, rotated; the heads of the keys part the queries into groups."""

    queries: jax.Array  # (tokens, key heads, groups, head), scaled
    keys: jax.Array  # (tokens, key heads, head)
    values: jax.Array  # (tokens, key heads, head + 1), the last is 1


def _heads(config: Config, qkv: jax.Array, rotation: tuple[jax.Array, jax.Array]) -> Heads:
    """qkv: (tokens, all heads)."""
    tokens = qkv.shape[0]
    query_size, key_size = config.heads * config.head, config.kv_heads * config.head
    queries = _rotate(qkv[:, :query_size].reshape(tokens, config.heads, config.head), rotation)
    keys = _rotate(qkv[:, query_size : query_size + key_size].reshape(tokens, config.kv_heads, config.head), rotation)
    values = qkv[:, query_size + key_size :].reshape(tokens, config.kv_heads, config.head)
    return Heads(
        (queries * config.head**-0.5).astype(qkv.dtype).reshape(tokens, config.kv_heads, -1, config.head),
        keys,
        jnp.concatenate([values, jnp.ones((*values.shape[:-1], 1), values.dtype)], axis=-1),
    )


def _attend(
    config: Config, own: Heads, size: int, prefix: tuple[jax.Array, jax.Array] | None = None
) -> jax.Array:
    """Each `size` tokens attend to what is before them, and to the keys and values of a prefix. (tokens, all heads).

    The sum of a row of shares is a product with ones, taken along with the values, and the largest score is not
    subtracted first: so the table of shares is gone through once where a softmax goes four times, which is what costs
    most on a CPU. Scores of this model stay far below 88, where the exponential of a float32 ends.
    """
    tokens, _, groups, width = own.queries.shape
    causal = jnp.tile(jnp.tril(jnp.ones((size, size), bool)), (groups, 1))

    def stacked(q: jax.Array) -> jax.Array:
        """(tokens, groups, head) as rows of one matrix, group by group."""
        return q.transpose(1, 0, 2).reshape(-1, width)

    def divided(sums: jax.Array) -> jax.Array:
        """Back to (tokens, groups, head)."""
        return (sums[:, :-1] / sums[:, -1:]).reshape(groups, size, width).transpose(1, 0, 2)

    found = []
    for head in range(config.kv_heads):
        q, k, v = own.queries[:, head], own.keys[:, head], own.values[:, head]
        rows = [slice(at, at + size) for at in range(0, tokens, size)]
        asked = [stacked(q[row]) for row in rows]
        sums = [weighted(each, k[row], v[row], causal) for each, row in zip(asked, rows)]
        if prefix is not None:
            keys, values = prefix
            to_prefix = weighted(jnp.concatenate(asked), keys[:, head], values[:, head], None)
            sums = [each + to_prefix[at * groups * size : (at + 1) * groups * size] for at, each in enumerate(sums)]
        found.append(jnp.concatenate([divided(each) for each in sums]))
    return jnp.stack(found, axis=1).astype(own.queries.dtype).reshape(tokens, -1)

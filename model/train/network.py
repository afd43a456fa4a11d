"""Llama's forward pass with LoRA, for many dialogues that begin with the same tokens.

There are two ways, with the same result and gradients of different depth. The prefix (system text and tool list, the
same for all dialogues of a batch, so computed once) gets none in either: nothing is said in it that could be learned.

*Through* all that was read, as usual. Or *shallow*, in which the network is gone through twice. *Reading* takes every
token. *Saying* takes only the tokens that something is predicted from, less than a third of them, and attends to what
was read; gradients flow back through the saying, and from there into the keys and values of each layer that was read,
but not through the layers below. That takes 0.65 of the time and teaches what to say; how to read what is to be copied,
only the other one teaches (measured: model/README.md).
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from products import adapted, known, placed, product, unembedded, weighted
from weights import GROUPS, Config

# LoRA's scale is ALPHA / rank, so that the rate needs no change with the rank (Hu et al. 2021, section 4.1).
ALPHA = 32

Weights = dict[str, jax.Array]
# For each projection `NAME.a` (layers, inputs, rank) and `NAME.b` (layers, rank, outputs).
Lora = dict[str, jax.Array]


class Batch(NamedTuple):
    """Token ids and where the loss is taken. P: prefix, B: dialogues, S: tokens of each, R: predicted tokens of each."""

    prefix: jax.Array  # (P,) padded at the end
    prefix_length: jax.Array  # ()
    tokens: jax.Array  # (B, S) padded at the end
    places: jax.Array  # (B, R) of the tokens before the predicted ones; S for padding
    targets: jax.Array  # (B, R)
    weights: jax.Array  # (B, R) of the losses; 0 for padding
    calls: jax.Array  # (B, R) number of the call that a token is part of; 0: of none


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


class Read(NamedTuple):
    """What one layer read: of the prefix what is attended to, of the dialogues what keys and values are made of."""

    prefix_keys: jax.Array  # (1, P, key heads, head)
    prefix_values: jax.Array  # (1, P, key heads, head + 1)
    inputs: jax.Array  # (B*S, width)
    keys_and_values: jax.Array  # (B*S, ...), not rotated


def hidden_states(
    config: Config, weights: Weights, lora: Lora, scale: float, batch: Batch, precision: jnp.dtype, through: bool
) -> jax.Array:
    """Normalised last hidden states at `places` (B*R, width), in float32.

    `precision` is that of the products; sums along the network are kept in float32.
    """
    prefix_size = batch.prefix.shape[0]
    count, size = batch.tokens.shape
    frozen = {key: value for key, value in weights.items() if key not in ("embedding", "final_norm")}
    prefix_turn = _rotation(config, jnp.arange(prefix_size))
    turn = _rotation(config, jnp.tile(batch.prefix_length + jnp.arange(size), count))
    turn_of_places = _rotation(config, batch.prefix_length + batch.places.reshape(-1))
    # What fills up the prefix counts nothing.
    present = (jnp.arange(prefix_size) < batch.prefix_length)[None, :, None, None]

    def factors(layer: dict[str, jax.Array], names: tuple[str, ...]) -> tuple[jax.Array, jax.Array]:
        a = jnp.concatenate([layer[f"{name}.a"] for name in names], axis=1)
        b = jax.scipy.linalg.block_diag(*[layer[f"{name}.b"] for name in names]) * scale
        return a.astype(precision), b.astype(precision)

    def merge(_, layer: dict[str, jax.Array]) -> tuple[None, dict[str, jax.Array]]:
        return None, {
            group: (layer[group] + product(*factors(layer, names))).astype(precision) for group, names in GROUPS.items()
        }

    def project(x: jax.Array, layer: dict[str, jax.Array], group: str) -> jax.Array:
        return adapted(x.astype(precision), layer[group], *factors(layer, GROUPS[group]))

    def rest(x: jax.Array, layer: dict[str, jax.Array], attended: jax.Array) -> jax.Array:
        x = x + project(attended, layer, "out").astype(jnp.float32)
        gate, up = jnp.split(project(_norm(x, layer["ffn_norm"], config), layer, "gate_up"), 2, axis=1)
        return x + project(jax.nn.silu(gate.astype(jnp.float32)).astype(precision) * up, layer, "down").astype(
            jnp.float32
        )

    def read(x: tuple[jax.Array, jax.Array], layer: dict[str, jax.Array]) -> tuple[tuple[jax.Array, jax.Array], Read]:
        of_prefix, of_dialogues = x
        prefix = _heads(config, project(_norm(of_prefix, layer["attn_norm"], config), layer, "qkv"), 1, prefix_turn)
        prefix = prefix._replace(values=prefix.values * present.astype(precision))
        inputs = _norm(of_dialogues, layer["attn_norm"], config).astype(precision)
        qkv = project(inputs, layer, "qkv")
        own = _heads(config, qkv, count, turn)
        of_prefix = rest(of_prefix, layer, _attend(prefix, [_causal(prefix_size)]))
        of_dialogues = rest(of_dialogues, layer, _attend(own, [_causal(size)] * count, prefix))
        kept = Read(prefix.keys, prefix.values, inputs, qkv[:, config.heads * config.head :])
        return (of_prefix, of_dialogues), kept

    def read_through(x: tuple[jax.Array, jax.Array], layer: dict[str, jax.Array]):
        of_prefix, of_dialogues = x
        still = jax.lax.stop_gradient(layer)
        prefix = _heads(config, project(_norm(of_prefix, layer["attn_norm"], config), still, "qkv"), 1, prefix_turn)
        prefix = jax.lax.stop_gradient(prefix._replace(values=prefix.values * present.astype(precision)))
        own = _heads(config, project(_norm(of_dialogues, layer["attn_norm"], config), layer, "qkv"), count, turn)
        of_prefix = jax.lax.stop_gradient(rest(of_prefix, still, _attend(prefix, [_causal(prefix_size)])))
        return (of_prefix, rest(of_dialogues, layer, _attend(own, [_causal(size)] * count, prefix))), None

    def say(x: jax.Array, layer_and_read: tuple[dict[str, jax.Array], Read]) -> tuple[jax.Array, None]:
        layer, found = layer_and_read
        own = _heads(config, project(_norm(x, layer["attn_norm"], config), layer, "qkv"), count, turn_of_places)
        # The same values as were read, and the gradient of how they were made from this layer's inputs.
        both = known(found.keys_and_values, found.inputs, *factors(layer, ("attn_k", "attn_v")))
        keys, values = _keys_and_values(config, both, count, turn)
        before = Heads(
            own.queries,
            placed(keys, own.keys, batch.places),
            placed(values, own.values, batch.places),
        )
        seen = batch.places[:, :, None] >= jnp.arange(size)
        prefix = Heads(own.queries, found.prefix_keys, found.prefix_values)
        return rest(x, layer, _attend(before, list(seen), prefix)), None

    # One product with the sum is a third faster than one with the weights and two with the factors.
    _, merged = jax.lax.scan(merge, None, jax.lax.stop_gradient(frozen | lora))
    layers = frozen | merged | lora
    start = weights["embedding"][batch.prefix], weights["embedding"][batch.tokens.reshape(-1)]
    start = jax.tree.map(lambda x: x.astype(jnp.float32), start)
    if through:
        (_, x), _ = jax.lax.scan(read_through, start, layers)
        x = jnp.take_along_axis(x.reshape(count, size, -1), batch.places[..., None], axis=1, mode="clip")
        return _norm(x.reshape(-1, x.shape[-1]), weights["final_norm"], config)
    _, found = jax.lax.scan(read, start, jax.lax.stop_gradient(layers))
    at_places = jnp.take_along_axis(batch.tokens, batch.places, axis=1, mode="clip").reshape(-1)
    x = weights["embedding"][at_places].astype(jnp.float32)
    x, _ = jax.lax.scan(say, x, (layers, jax.lax.stop_gradient(found)))
    return _norm(x, weights["final_norm"], config)


def losses(
    config: Config,
    weights: Weights,
    lora: Lora,
    scale: float,
    batch: Batch,
    precision: jnp.dtype = jnp.bfloat16,
    through: bool = False,
) -> tuple[jax.Array, jax.Array]:
    """Of the predicted tokens (B, R): cross entropy in nats, and whether the likeliest token is the right one.

    `through`: whether gradients flow back through all that was read; the values are the same.
    """
    states = hidden_states(config, weights, lora, scale, batch, precision, through)
    logits = unembedded(states.astype(precision), weights["embedding"].astype(precision))
    chosen = jnp.take_along_axis(logits, batch.targets.reshape(-1, 1), axis=1)[:, 0]
    each, hits = jax.nn.logsumexp(logits, axis=1) - chosen, chosen >= logits.max(axis=1)
    return each.reshape(batch.places.shape), hits.reshape(batch.places.shape)


def loss(config: Config, weights: Weights, lora: Lora, scale: float, batch: Batch, through: bool) -> jax.Array:
    """Weighted sum of the losses; the weights of an average batch sum to 1. `through`: see `losses`."""
    each, _ = losses(config, weights, lora, scale, batch, through=through)
    return jnp.sum(each * batch.weights)


def _norm(x: jax.Array, weight: jax.Array, config: Config) -> jax.Array:
    return x * jax.lax.rsqrt(jnp.mean(x * x, axis=-1, keepdims=True) + config.epsilon) * weight


def _rotation(config: Config, positions: jax.Array) -> tuple[jax.Array, jax.Array]:
    rates = config.rope_base ** (-jnp.arange(0, config.head, 2) / config.head)
    angles = jnp.repeat(positions[:, None] * rates[None, :], 2, axis=1)
    return jnp.cos(angles)[:, None, :], jnp.sin(angles)[:, None, :]


def _rotate(x: jax.Array, rotation: tuple[jax.Array, jax.Array]) -> jax.Array:
    """x: (tokens, heads, head); pairs are neighbours, and a product turns (a, b) into (-b, a): faster than to part them."""
    cos, sin = rotation
    size = x.shape[-1]
    quarter = np.kron(np.eye(size // 2), [[0, 1], [-1, 0]])
    turned = product(x.reshape(-1, size), jnp.asarray(quarter, x.dtype)).reshape(x.shape)
    return (x * cos + turned * sin).astype(x.dtype)


class Heads(NamedTuple):
    """Of some tokens of B dialogues, rotated; the heads of the keys part the queries into groups."""

    queries: jax.Array  # (B, tokens, key heads, groups, head), scaled
    keys: jax.Array  # (B, tokens, key heads, head)
    values: jax.Array  # (B, tokens, key heads, head + 1), the last is 1


def _heads(config: Config, qkv: jax.Array, count: int, rotation: tuple[jax.Array, jax.Array]) -> Heads:
    """qkv: (tokens of `count` dialogues, all heads)."""
    query_size = config.heads * config.head
    queries = _rotate(qkv[:, :query_size].reshape(-1, config.heads, config.head), rotation)
    keys, values = _keys_and_values(config, qkv[:, query_size:], count, rotation)
    scaled = (queries * config.head**-0.5).astype(qkv.dtype)
    return Heads(scaled.reshape(*keys.shape[:3], -1, config.head), keys, values)


def _keys_and_values(
    config: Config, both: jax.Array, count: int, rotation: tuple[jax.Array, jax.Array]
) -> tuple[jax.Array, jax.Array]:
    """both: (tokens of `count` dialogues, heads of keys, then of values)."""
    keys, values = jnp.split(both.reshape(-1, 2 * config.kv_heads, config.head), 2, axis=1)
    values = jnp.concatenate([values, jnp.ones((*values.shape[:-1], 1), values.dtype)], axis=-1)
    shape = (count, -1, config.kv_heads)
    return _rotate(keys, rotation).reshape(*shape, config.head), values.reshape(*shape, config.head + 1)


def _causal(size: int) -> jax.Array:
    return jnp.tril(jnp.ones((size, size), bool))


def _attend(own: Heads, seen: list[jax.Array], prefix: Heads | None = None) -> jax.Array:
    """Tokens attend to what they see (of each dialogue: queries, keys) of it and of a prefix. (tokens, all heads).

    The sum of a row of shares is a product with ones, taken along with the values, and the largest score is not
    subtracted first: so the table of shares is gone through once where a softmax goes four times, which is what costs
    most on a CPU. Scores of this model stay far below 88, where the exponential of a float32 ends.
    """
    count, size, heads, groups, width = own.queries.shape
    masks = [jnp.tile(each, (groups, 1)) for each in seen]
    found = []
    for head in range(heads):
        # Of each dialogue the queries as rows of one matrix, group by group.
        asked = own.queries[:, :, head].transpose(0, 2, 1, 3).reshape(count, -1, width)
        keys, values = own.keys[:, :, head], own.values[:, :, head]
        sums = jnp.stack([weighted(asked[at], keys[at], values[at], masks[at]) for at in range(count)])
        if prefix is not None:
            of_prefix = weighted(
                asked.reshape(-1, width), prefix.keys[0, :, head], prefix.values[0, :, head], None
            )
            sums = sums + of_prefix.reshape(sums.shape)
        divided = (sums[..., :-1] / sums[..., -1:]).reshape(count, groups, size, width)
        found.append(divided.transpose(0, 2, 1, 3))
    return jnp.stack(found, axis=2).astype(own.queries.dtype).reshape(count * size, -1)

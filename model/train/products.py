"""The products that training is made of, with ways back of their own.

JAX would derive the same gradients, but as products whose left side lies the wrong way round in memory, which XLA's
CPU code computes three to ten times slower (measured). A barrier makes it turn the small side first.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax.experimental.layout import Layout, with_layout_constraint


def _turned(x: jax.Array) -> jax.Array:
    """The transpose, in memory: XLA would take it for another way of reading x, which bfloat16 products do not know."""
    return with_layout_constraint(x.T, Layout(major_to_minor=(0, 1)))


def _turned_product(x: jax.Array, y: jax.Array) -> jax.Array:
    """(x.T @ y).T in float32."""
    return with_layout_constraint(product(_turned(x), y), Layout(major_to_minor=(0, 1))).T


def product(x: jax.Array, y: jax.Array) -> jax.Array:
    """x @ y in float32 of factors in whatever precision: XLA's CPU code has fast products of bfloat16 for that alone."""
    return jax.lax.dot(x, y, preferred_element_type=jnp.float32)


@jax.custom_vjp
def adapted(x: jax.Array, w: jax.Array, a: jax.Array, b: jax.Array) -> jax.Array:
    """x @ w for x (tokens, inputs) and a sum w = frozen + a @ b (inputs, outputs); a and b get its gradient, w none.

    In the precision of x, as its gradients are.
    """
    return product(x, w).astype(x.dtype)


def _adapted_forward(x, w, a, b):
    return product(x, w).astype(x.dtype), (x, w, a, b)


def _adapted_backward(kept, y):
    x, w, a, b = kept
    return product(y, _turned(w)).astype(x.dtype), None, *_to_factors(x, a, b, y)


adapted.defvjp(_adapted_forward, _adapted_backward)


def _to_factors(x, a, b, y):
    """The gradients of a and b of (x @ a) @ b, when y is that of the product."""
    thin_y = product(y, _turned(b)).astype(x.dtype)
    thin = product(x, a).astype(x.dtype)
    to_a, to_b = _turned_product(thin_y, x), product(_turned(thin), y)
    return to_a.astype(a.dtype), to_b.astype(b.dtype)


@jax.custom_vjp
def known(y: jax.Array, x: jax.Array, a: jax.Array, b: jax.Array) -> jax.Array:
    """y, which is known to be adapted(x, w, a, b): nothing is computed, and only a and b get a gradient."""
    return y


def _known_forward(y, x, a, b):
    return y, (x, a, b)


def _known_backward(kept, y):
    return None, None, *_to_factors(*kept, y)


known.defvjp(_known_forward, _known_backward)


@jax.custom_vjp
def placed(y: jax.Array, x: jax.Array, places: jax.Array) -> jax.Array:
    """y (B, S, ...), which is known to be x (B, R, ...) at `places` (B, R; S: nowhere), whose gradient goes to x."""
    return y


def _placed_forward(y, x, places):
    return y, places


def _placed_backward(places, y):
    rows, size = jnp.arange(places.shape[0])[:, None], y.shape[1]
    elsewhere = jnp.ones(y.shape[:2], y.dtype).at[rows, places].set(0, mode="drop")
    to_x = jnp.where((places < size)[..., None, None], y[rows, places], 0)
    return y * elsewhere[..., None, None], to_x, None


placed.defvjp(_placed_forward, _placed_backward)


@jax.custom_vjp
def unembedded(x: jax.Array, embedding: jax.Array) -> jax.Array:
    """x @ embedding.T in float32, for x (tokens, width) and a frozen embedding (vocabulary, width)."""
    return product(x, _turned(embedding))


def _unembedded_forward(x, embedding):
    return product(x, _turned(embedding)), embedding


def _unembedded_backward(embedding, y):
    return product(y.astype(embedding.dtype), embedding).astype(embedding.dtype), None


unembedded.defvjp(_unembedded_forward, _unembedded_backward)


@jax.custom_vjp
def weighted(q: jax.Array, k: jax.Array, v: jax.Array, seen: jax.Array | None) -> jax.Array:
    """exp(q @ k.T) @ v in float32 where `seen` (queries, keys; None: all), for q (queries, head), k, v (keys, ...)."""
    return _weighted_forward(q, k, v, seen)[0]


def _weighted_forward(q, k, v, seen):
    shares = jnp.exp(product(q, _turned(k)))
    shares = (shares if seen is None else jnp.where(seen, shares, 0)).astype(v.dtype)
    return product(shares, v), (q, k, v, shares)


def _weighted_backward(kept, y):
    q, k, v, shares = kept
    y = y.astype(v.dtype)
    scores = (shares * product(y, _turned(v))).astype(q.dtype)
    to_k, to_v = _turned_product(q, scores), _turned_product(y, shares)
    return product(scores, k).astype(q.dtype), to_k.astype(k.dtype), to_v.astype(v.dtype), None


weighted.defvjp(_weighted_forward, _weighted_backward)

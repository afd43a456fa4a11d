"""The two products that training is made of, with ways back of their own.

JAX would derive the same gradients, but as products whose left side lies the wrong way round in memory, which XLA's
CPU code computes three to ten times slower (measured). A barrier makes it turn the small side first.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax.ad_checkpoint import checkpoint_name
from jax.experimental.layout import Layout, with_layout_constraint

# Names of what is kept between the way there and the way back, see network.py.
PRODUCTS, SHARES = "products", "shares"


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
    """x @ w + (x @ a) @ b for x (tokens, inputs), w (inputs, outputs), a (inputs, ranks), b (ranks, outputs).

    In the precision of x, as its gradients are. w is frozen: it gets no gradient.
    """
    return _adapted_forward(x, w, a, b)[0]


def _adapted_forward(x, w, a, b):
    thin = product(x, a).astype(x.dtype)
    return (product(x, w) + product(thin, b)).astype(x.dtype), (x, thin, w, a, b)


def _adapted_backward(kept, y):
    x, thin, w, a, b = kept
    thin_y = product(y, _turned(b)).astype(x.dtype)
    to_x = (product(y, _turned(w)) + product(thin_y, _turned(a))).astype(x.dtype)
    to_a, to_b = _turned_product(thin_y, x), product(_turned(thin), y)
    return to_x, None, to_a.astype(a.dtype), to_b.astype(b.dtype)


adapted.defvjp(_adapted_forward, _adapted_backward)


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
    shares = checkpoint_name((shares if seen is None else jnp.where(seen, shares, 0)).astype(v.dtype), SHARES)
    return product(shares, v), (q, k, v, shares)


def _weighted_backward(kept, y):
    q, k, v, shares = kept
    y = y.astype(v.dtype)
    scores = (shares * product(y, _turned(v))).astype(q.dtype)
    to_k, to_v = _turned_product(q, scores), _turned_product(y, shares)
    return product(scores, k).astype(q.dtype), to_k.astype(k.dtype), to_v.astype(v.dtype), None


weighted.defvjp(_weighted_forward, _weighted_backward)

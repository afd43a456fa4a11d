import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addToCart, createCart, subtotal, totals } from '../src/cart.js';

test('an article that is already in the cart counts up', () => {
  const cart = createCart();
  addToCart(cart, 'mug');
  addToCart(cart, 'mug', 2);
  assert.equal(cart.lines.length, 1);
  assert.equal(cart.lines[0].quantity, 3);
});

test('the subtotal adds up all lines', () => {
  const cart = createCart();
  addToCart(cart, 'mug', 2);
  addToCart(cart, 'tea');
  assert.equal(subtotal(cart), 3190);
});

test('an unknown article and a silly quantity are refused', () => {
  assert.throws(() => addToCart(createCart(), 'sofa'), /No such article: sofa/);
  assert.throws(() => addToCart(createCart(), 'mug', 0), /Not a quantity: 0/);
});

test('a small order pays for shipping, a large one does not', () => {
  const small = addToCart(createCart(), 'tea');
  assert.deepEqual(totals(small), { articles: 690, discount: 0, shipping: 490, total: 1180 });
  const large = addToCart(createCart(), 'pot', 2);
  assert.deepEqual(totals(large), { articles: 6800, discount: 0, shipping: 0, total: 6800 });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addToCart, createCart } from '../src/cart.js';
import { formatMoney } from '../src/money.js';
import { receipt } from '../src/receipt.js';

test('money has two digits after the point', () => {
  assert.equal(formatMoney(5), '0.05 €');
  assert.equal(formatMoney(1250), '12.50 €');
  assert.equal(formatMoney(-340), '-3.40 €');
});

test('the receipt has a line for each article, the discount, and a friendly end', () => {
  const cart = addToCart(createCart(), 'mug', 2);
  cart.code = 'WELCOME';
  const lines = receipt(cart).split('\n');
  assert.match(lines[0], /^2 x Mug, blue +25\.00 €$/);
  assert.match(lines[3], /^Discount WELCOME +-2\.50 €$/);
  assert.equal(lines.at(-1), 'Thank you for your order!');
});

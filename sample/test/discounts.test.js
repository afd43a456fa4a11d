import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyDiscount } from '../src/discounts.js';

test('a percentage is rounded to whole cents', () => {
  assert.equal(applyDiscount(1250, 'WELCOME'), 125);
  assert.equal(applyDiscount(690, 'SPRING'), 104);
});

test('five off needs a large enough order', () => {
  assert.equal(applyDiscount(2499, 'FIVER'), 0);
  assert.equal(applyDiscount(2500, 'FIVER'), 500);
});

test('no code and an unknown code take off nothing', () => {
  assert.equal(applyDiscount(5000, undefined), 0);
  assert.equal(applyDiscount(5000, 'NOPE'), 0);
});

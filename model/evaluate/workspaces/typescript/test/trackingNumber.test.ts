import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDigit, formatTrackingNumber, parseTrackingNumber } from '../src/trackingNumber.ts';

test('a number with blanks and small letters is read', () => {
  assert.equal(parseTrackingNumber('wp 1234-5678 5').carrier, 'Postal');
});

test('a wrong check digit is refused', () => {
  assert.throws(() => parseTrackingNumber('WP123456784'), /check digit/);
});

test('an unknown prefix is refused', () => {
  assert.throws(() => parseTrackingNumber('XX123456785'), /No carrier/);
});

test('the check digit of 12345678 is 5', () => {
  assert.equal(checkDigit('12345678'), 5);
});

test('numbers are written in groups', () => {
  assert.equal(formatTrackingNumber(parseTrackingNumber('SW123456785')), 'SW 1234 5678 5');
});

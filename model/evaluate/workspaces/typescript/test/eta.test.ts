import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWorkingDays, estimateArrival, isLate, isLost } from '../src/eta.ts';
import { createParcel } from '../src/parcel.ts';

const friday = new Date('2026-05-01T10:00:00Z');

test('the weekend is passed over', () => {
  assert.equal(addWorkingDays(friday, 1).toISOString().slice(0, 10), '2026-05-04');
});

test('a postal parcel takes three working days', () => {
  const parcel = { ...createParcel('WP123456785', 'Postal'), sentAt: friday };
  assert.equal(estimateArrival(parcel).toISOString().slice(0, 10), '2026-05-06');
});

test('an express parcel is late after two days', () => {
  const parcel = { ...createParcel('SW123456785', 'Swift'), sentAt: new Date('2026-05-05T10:00:00Z') };
  assert.equal(isLate(parcel, new Date('2026-05-07T12:00:00Z')), true);
});

test('a parcel that nobody saw for three weeks is lost', () => {
  const parcel = { ...createParcel('WP123456785', 'Postal'), sentAt: friday };
  assert.equal(isLost(parcel, new Date('2026-05-22T12:00:00Z')), true);
});

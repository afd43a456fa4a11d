import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addScan, createParcel } from '../src/parcel.ts';
import { summarise, summaryLine } from '../src/summary.ts';

const sentAt = new Date('2026-05-04T08:00:00Z');

test('an empty list says so', () => {
  assert.equal(summarise([], sentAt), 'You are not waiting for anything.');
});

test('a line has label, status and day', () => {
  const parcel = { ...createParcel('WP123456785', 'Postal', 'shoes'), sentAt };
  assert.equal(summaryLine(parcel, sentAt), 'shoes: Waiting for the carrier, expected 2026-05-07');
});

test('the newest scan counts', () => {
  const parcel = { ...createParcel('WP123456785', 'Postal', 'shoes'), sentAt };
  const scanned = addScan(parcel, { depot: 'LEE', at: sentAt, status: 'in_transit' });
  assert.match(summaryLine(scanned, sentAt), /On its way/);
});

import { describe, expect, test } from 'vitest';
import { isOwnHost } from '../../../server/door.ts';
import { Rate } from '../../../server/rate.ts';

describe('the Host of a request', () => {
  test.each<[string, string, number, boolean]>([
    ['127.0.0.1:4711', '127.0.0.1', 4711, true],
    ['localhost:4711', '127.0.0.1', 4711, true],
    ['localhost:4711', '::ffff:127.0.0.1', 4711, true],
    ['localhost:4711', '::1', 4711, true],
    ['[::1]:4711', '::1', 4711, true],
    ['[::1]:4711', '127.0.0.1', 4711, false],
    ['127.0.0.2:4711', '127.0.0.2', 4711, true],
    ['localhost', '127.0.0.1', 80, true],
    ['localhost', '127.0.0.1', 4711, false],
    ['localhost:8000', '127.0.0.1', 4711, false],
    // Reached from elsewhere, perhaps through a published port.
    ['10.1.2.3:4711', '10.1.2.3', 4711, true],
    ['10.1.2.3:4711', '::ffff:10.1.2.3', 4711, true],
    ['[fd00::1]:4711', 'fd00::1', 4711, true],
    ['localhost:8000', '172.17.0.2', 4711, true],
    ['10.1.2.3:8000', '10.1.2.3', 4711, false],
    ['10.1.2.4:4711', '10.1.2.3', 4711, false],
    ['evil.example:4711', '10.1.2.3', 4711, false],
    ['localhost.evil.example:4711', '10.1.2.3', 4711, false],
    ['localhost:4711:1', '10.1.2.3', 4711, false],
    ['', '', 0, false],
    [':0', '', 0, false],
  ])('%s, for a connection to %s port %i: %s', (host, address, port, own) => {
    expect(isOwnHost(host, { address, port })).toBe(own);
  });
});

describe('a rate', () => {
  test('lets a burst through, then as many as come back, and says when', () => {
    let now = 0;
    const rate = new Rate(3, 2, () => now);
    expect([rate.take(), rate.take(), rate.take(), rate.take()]).toEqual([0, 0, 0, 1]);
    now += 500;
    expect([rate.take(), rate.take()]).toEqual([0, 1]);
    now += 60_000;
    expect([rate.take(), rate.take(), rate.take(), rate.take()]).toEqual([0, 0, 0, 1]);
  });
});

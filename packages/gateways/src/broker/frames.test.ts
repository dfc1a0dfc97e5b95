import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameGuard } from './frame-guard.ts';
import { publishFrame } from './publish-frame.ts';

describe('publish frame', () => {
  test.each([0, 1, 118, 119, 16_374, 16_375, 2_097_142, 2_097_143])('has the right length for %i bytes', (size) => {
    const frame = publishFrame('/topic', Buffer.alloc(size, 7));
    let length = 0;
    let at = 1;
    for (let shift = 0; ; shift += 7) {
      const byte = frame[at++] as number;
      length |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) break;
    }
    expect(frame.length).toBe(at + length);
    expect(frame.subarray(at + 2, at + 8).toString()).toBe('/topic');
    expect(frame.subarray(at + 8).equals(Buffer.alloc(size, 7))).toBe(true);
  });
});

describe('frame guard', () => {
  test('lets packets up to the limit pass, however the bytes are cut up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(300), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        (sizes, cuts) => {
          const bytes = Buffer.concat(sizes.map((size) => publishFrame('t', Buffer.alloc(size))));
          const guard = createFrameGuard(303);
          for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
            const step = cuts[cut % cuts.length] as number;
            expect(guard(bytes.subarray(at, at + step))).toBeUndefined();
            at += step;
          }
        },
      ),
    );
  });

  test('tells the size of a packet over the limit from its header alone', () => {
    const guard = createFrameGuard(1_000);
    expect(guard(publishFrame('t', Buffer.alloc(100)))).toBeUndefined();
    const frame = publishFrame('t', Buffer.alloc(998));
    expect(guard(frame.subarray(0, 2))).toBeUndefined();
    expect(guard(frame.subarray(2, 3))).toBe(1_001);
  });
});

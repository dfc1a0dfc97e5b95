import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createRedactor, MIN_REDACTABLE_LENGTH } from './redaction.ts';

const SECRET = 'p@ss/wörd+"quoted"&<=1';

function redactorOf(secret: string) {
  const redactor = createRedactor();
  redactor.add(secret);
  return redactor;
}

describe('createRedactor', () => {
  const bytes = Buffer.from(SECRET);
  it.each([
    ['raw', SECRET],
    ['url', encodeURIComponent(SECRET)],
    ['url in small letters', encodeURIComponent(SECRET).toLowerCase()],
    ['HTML', 'p@ss/wörd+&quot;quoted&quot;&amp;&lt;=1'],
    ['JSON of Go', 'p@ss/wörd+\\"quoted\\"\\u0026\\u003c=1'],
    ['JSON of PHP', 'p@ss\\/wörd+\\"quoted\\"&<=1'],
    ['form', new URLSearchParams({ s: SECRET }).toString()],
    ['hex', bytes.toString('hex')],
    ['upper-case hex', bytes.toString('hex').toUpperCase()],
    ['base64', bytes.toString('base64')],
    ['base64url', bytes.toString('base64url')],
    ['basic auth', Buffer.from(`user:${SECRET}`).toString('base64')],
    ['JSON', JSON.stringify({ a: SECRET })],
    ['JSON in JSON', JSON.stringify(JSON.stringify({ a: SECRET }))],
  ])('finds the secret as %s', (_form, text) => {
    const clean = redactorOf(SECRET).text(`before ${text} after`);
    expect(clean).toContain('[redacted]');
    expect(clean).toMatch(/^before .* after$/);
  });

  test.prop([fc.string({ minLength: 12, maxLength: 40, unit: 'binary-ascii' }), fc.nat(3), fc.string()])(
    'leaves nothing recoverable in base64 at any alignment',
    (secret, shift, tail) => {
      const encoded = Buffer.from('x'.repeat(shift) + secret + tail).toString('base64');
      const clean = redactorOf(secret).text(encoded);
      expect(Buffer.from(clean.replaceAll('[redacted]', '~'), 'base64').toString()).not.toContain(secret);
      expect(clean).toContain('[redacted]');
    },
  );

  it('does not corrupt data for secrets that are too short to be told from it', () => {
    expect(redactorOf('a'.repeat(MIN_REDACTABLE_LENGTH - 1)).text('aaaaaaaaaa')).toBe('aaaaaaaaaa');
  });

  it('walks keys and values, and gives clean values back as they are', () => {
    const redactor = redactorOf(SECRET);
    expect(redactor.value({ [SECRET]: [1, null, `x${SECRET}`] })).toEqual({ '[redacted]': [1, null, 'x[redacted]'] });
    const clean = { a: 1 };
    expect(createRedactor().value(clean)).toBe(clean);
  });
});

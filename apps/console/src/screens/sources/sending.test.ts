import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { exampleOf, WINDOWS, windowText } from './sending.ts';

describe('the example of how to send', () => {
  it('names the address and the token once it is known', () => {
    const shown = exampleOf({ url: 'http://h/hooks/edr', auth: 'token', normalizer: '', secret: 'cps_1' });
    expect(shown).toContain("curl -sS 'http://h/hooks/edr'");
    expect(shown).toContain('Bearer cps_1');
    expect(exampleOf({ url: 'u', auth: 'token', normalizer: '' })).toContain('cps_…');
  });

  it('signs as the server checks', () => {
    const key = Buffer.from('thirty-two bytes of a signing key');
    const shown = exampleOf({
      url: 'u',
      auth: 'signature',
      normalizer: 'wazuh',
      secret: `whsec_${key.toString('base64')}`,
    });
    const lines = shown.split('\n').slice(0, 5).join('\n');
    const said = execFileSync('bash', [
      '-c',
      `${lines}\nprintf '%s\\n%s\\n%s\\n%s' "$ID" "$TS" "$SIG" "$BODY"`,
    ]).toString();
    const [id, time, signature, body] = said.split('\n');
    expect(signature).toBe(createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64'));
  });
});

describe('a window', () => {
  it('is written as it is chosen', () => {
    for (const [millis, text] of [
      [0, '0s'],
      [900_000, '15m'],
      [3_600_000, '1h'],
      [86_400_000, '24h'],
      [604_800_000, '7d'],
      [90_000, '90s'],
    ] as const) {
      expect(windowText(millis)).toBe(text);
    }
    expect(WINDOWS.map(({ value }) => value)).toContain(windowText(6 * 3_600_000));
  });
});

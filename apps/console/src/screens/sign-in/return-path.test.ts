import { describe, expect, it } from 'vitest';
import { returnPath } from './return-path.ts';

describe('the path after signing in', () => {
  it.each(['/', '/runs', '/runs/0198?step=a.b', '/trace/ip%3A203.0.113.66', '/playbooks/x?tab=yaml#l3'])(
    'is %s as wanted',
    (path) => {
      expect(returnPath(path)).toBe(path);
    },
  );

  it.each([
    undefined,
    7,
    '',
    'runs',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example/',
    'javascript:alert(1)',
    '/ /evil.example',
    '/sign-in?to=/sign-in',
    '/welcome',
    '/x\\y',
  ])('is the overview where %j is wanted', (path) => {
    expect(returnPath(path)).toBe('/');
  });

  it('never leaves this server, however it is written', () => {
    for (const path of ['/./..//evil.example', '/..//evil.example/x', '/%2f/evil.example', '/@evil.example', '/:80']) {
      const url = new URL(returnPath(path), 'http://127.0.0.1:7300');
      expect(url.origin).toBe('http://127.0.0.1:7300');
    }
  });
});

import { expect, it } from 'vitest';
import { styleText } from './style-text.ts';

it('is let through where it cannot be markup', () => {
  const rules = '@media (min-width: 36em) {.a > .b{content:"&lt;";--gap:calc(1rem * var(--scale));}}';
  expect(styleText(rules)).toBe(rules);
});

it.each(['<img src=x onerror=alert(1)>', 'a</style><script>', '<', '<!--', '<\u0000svg/onload=1>'])(
  'is refused where it could: %j',
  (text) => expect(styleText(text)).toBeNull(),
);

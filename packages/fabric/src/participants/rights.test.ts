import { topicMatches } from '@counterpoint/events';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { mayPublish, maySubscribe, reaches, serviceMatches } from './rights.ts';

const word = fc.constantFrom('a', 'b', 'v1');
const topic = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('.'));
const pattern = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'v1', '*'), { minLength: 0, maxLength: 3 }), fc.constantFrom('>', 'a', '*'))
  .map(([words, last]) => [...words, last].join('.'));

describe('reaches', () => {
  test.prop([pattern, pattern, topic])('lets no topic through that the right does not meet', (right, wanted, one) => {
    if (reaches(right, wanted) && topicMatches(wanted, one)) expect(topicMatches(right, one)).toBe(true);
  });

  it.each([
    ['>', 'a.>', true],
    ['a.>', 'a.*', true],
    ['a.*', 'a.>', false],
    ['a.*', 'a.b', true],
    ['a.b', 'a.*', false],
    ['a.>', 'a', false],
    ['*.b', '*.b', true],
    ['*.>', '>', false],
  ])('%s over %s: %s', (right, wanted, expected) => expect(reaches(right, wanted)).toBe(expected));
});

describe('serviceMatches', () => {
  test.prop([
    fc.array(fc.constantFrom('a', '*', '.', '/'), { maxLength: 6 }).map((parts) => parts.join('')),
    fc.array(fc.constantFrom('a', '.', '/'), { maxLength: 8 }).map((parts) => parts.join('')),
  ])('means what a regular expression would', (wanted, service) => {
    const expression = new RegExp(
      `^${wanted
        .split('*')
        .map((part) => part.replace(/[./]/g, '\\$&'))
        .join('.*')}$`,
    );
    expect(serviceMatches(wanted, service)).toBe(expression.test(service));
  });

  it.each([
    ['fortigate.block_ip', 'fortigate.block_ip', true],
    ['fortigate.*', 'fortigate.block_ip', true],
    ['dxl./mycompany/*', 'dxl./mycompany/service/a', true],
    ['dxl./mycompany/*', 'dxl./other', false],
    ['*.lookup_ip', 'greynoise.lookup_ip', true],
  ])('%s for %s: %s', (wanted, service, expected) => expect(serviceMatches(wanted, service)).toBe(expected));
});

describe('rights', () => {
  const rights = { publish: ['>'], subscribe: ['alert.>'], offer: [], invoke: [] };

  it('never let anybody speak for the server', () => {
    expect(mayPublish({ rights }, 'fabric.participant_joined.v1')).toBe(false);
    expect(mayPublish({ rights }, 'verdict.file.v1')).toBe(true);
  });

  it('refuse a subscription that reaches further', () => {
    expect(maySubscribe({ rights }, 'alert.created.v1')).toBe(true);
    expect(maySubscribe({ rights }, '>')).toBe(false);
  });
});

import type { Json } from '@counterpoint/core';
import { checkPlaybook, parseTopic } from '@counterpoint/playbook';
import { describe, expect, it } from 'vitest';
import { checkTestFile } from './check-test-file.ts';
import { parseTestFile } from './read-test-file.ts';
import { rehearse } from './rehearse.ts';
import { rehearsalCatalogue as base } from './testing/catalogue.ts';

const topic = (name: string, properties: Readonly<Record<string, Json>>) =>
  [
    name,
    parseTopic(
      { topic: name, title: name, schema: { type: 'object', properties, required: Object.keys(properties) } },
      { shipped: true },
    ),
  ] as const;
const catalogue = {
  ...base,
  topics: new Map([
    ...base.topics,
    topic('verdict.v1', { ip: { type: 'string', untrusted: true }, sure: { type: 'integer' } }),
    topic('done.v1', { ip: { type: 'string', untrusted: true } }),
  ]),
};

const REACTION = `kind: reaction/v1
id: r
title: R
mode: act
uses: { fw: firewall }
subscribe: { topic: verdict.v1, when: event.sure > 50 }
idempotency: { key: valid.public_ip(event.ip), ttl: 1h }
limits: { rate: 2/min, max_hops: 3 }
do:
  - { id: look, action: fw.lookup, with: { ip: "$\{{ valid.public_ip(event.ip) }}" } }
publish: { topic: done.v1, data: { ip: "$\{{ valid.public_ip(event.ip) }}" } }
`;
const GIVEN = `given:
  event: { ip: 203.0.114.8, sure: 90 }
  actions: { fw.lookup: { output: { score: 1 } } }
`;

async function results(tests: string, reaction = REACTION) {
  const { plan, findings: faults } = checkPlaybook(reaction, catalogue);
  if (!plan) throw new Error(faults.map(({ message }) => message).join('\n'));
  const { file, findings } = parseTestFile(`kind: playbook_test/v1\nreaction: r\n${GIVEN}tests:\n${tests}`);
  if (!file) throw new Error(findings.map(({ message }) => message).join('\n'));
  expect(checkTestFile(file, { plan, catalogue })).toEqual([]);
  return rehearse({ file, plan, catalogue });
}

async function told(test: string, reaction = REACTION): Promise<string[]> {
  const [result] = await results(`  - { name: t, ${test} }\n`, reaction);
  return [
    ...(result?.problems ?? []),
    ...(result?.differences ?? []).map(({ about, expected, actual }) => `${about}: ${expected}, ${actual}`),
  ];
}

describe('a test of a reaction', () => {
  it('tells what becomes of the event, what is called and what is published', async () => {
    const test =
      'expect: { outcome: started, calls: [{ action: fw.lookup, with: { ip: 203.0.114.8 } }], published: [{ topic: done.v1, data: { ip: 203.0.114.8 } }], status: succeeded }';
    expect(await told(test)).toEqual([]);
  });

  it.each([
    ['event: { ip: 203.0.114.8, sure: 1 }', 'passed_over', ''],
    ['event: { ip: 203.0.114.8 }', 'refused', 'condition_failed'],
    ['event: { ip: 10.0.0.1, sure: 90 }', 'refused', 'key'],
    ['from: { hop: 4 }', 'refused', 'hops'],
    ['earlier: [{ ago: 59m }]', 'duplicate', ''],
    ['earlier: [{ ago: 61m }]', 'started', ''],
    ['earlier: [{ data: { ip: 1.1.1.1, sure: 90 } }, { data: { ip: 9.9.9.9, sure: 90 } }]', 'held', 'rate'],
    ['earlier: [{ data: { ip: 1.1.1.1, sure: 90 }, ago: 2m }, { data: { ip: 9.9.9.9, sure: 90 } }]', 'started', ''],
  ])('decides as the fabric does: %s', async (given, outcome, reason) => {
    const why = reason === '' ? '' : `, reason: ${reason}`;
    expect(await told(`${given}, expect: { outcome: ${outcome}${why} }`)).toEqual([]);
  });

  it('knows whom a reaction trusts', async () => {
    const head = 'subscribe: { topic: verdict.v1, trust: { publishers: [a, b], sources: 2 } }';
    const trusting = REACTION.replace(/^subscribe: .*$/m, head);
    const given = 'from: { participant: a }';
    expect(await told(`${given}, expect: { outcome: unconfirmed }`, trusting)).toEqual([]);
    expect(await told(`${given}, earlier: [{ participant: b }], expect: { outcome: started }`, trusting)).toEqual([]);
    expect(await told('from: { participant: c }, expect: { outcome: refused, reason: untrusted }', trusting)).toEqual(
      [],
    );
  });

  it('says what is not as expected', async () => {
    expect(await told('earlier: [{}], expect: { outcome: started }')).toEqual(['outcome: started, duplicate']);
    expect(await told('from: { hop: 9 }, expect: { outcome: refused, reason: untrusted }')).toEqual([
      'reason: untrusted, hops',
    ]);
  });
});

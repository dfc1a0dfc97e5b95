import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseParticipant } from './parse-participant.ts';

const SINKHOLE = `kind: participant/v1
id: dns_sinkhole
title: DNS sinkhole
simulated: true
offers:
  block_domain:
    title: Block a domain
    effect: contain
    idempotent: true
    target: '"domain-name:" + input.domain'
    inverse: { action: unblock_domain, with: { domain: "\${{ input.domain }}" } }
    unverifiable: It does not tell
    input: { type: object, properties: { domain: { type: string } }, required: [domain] }
    output: { type: object, required: [domain, already_blocked] }
  unblock_domain:
    title: Allow a domain again
    effect: change
    idempotent: true
    input: { type: object, properties: { domain: { type: string } } }
    output: { type: object }
capabilities: { block_domain: block_domain }
`;
const contracts = new Map([
  [
    'block_domain',
    {
      effect: 'contain',
      input: { type: 'object', properties: { domain: { type: 'string' } } },
      output: { type: 'object', required: ['domain', 'already_blocked'] },
    } as const,
  ],
]);

describe('a participant file', () => {
  it('gives rights to what it declares, and no more', () => {
    const { participant, findings } = parseParticipant(SINKHOLE, { contracts });
    expect(findings).toEqual([]);
    expect(participant).toMatchObject({
      kind: 'token',
      rights: { publish: [], subscribe: [], invoke: [], offer: expect.arrayContaining(['dns_sinkhole.block_domain']) },
      trust: [],
    });
  });

  it.each([
    ['an unknown key', 'simulated: true', 'simulatd: true', 'participant.unknown_key', 4, 'simulated'],
    ['an unknown key of an offer', 'idempotent: true', 'idempotant: true', 'participant.unknown_key', 9, 'idempotent'],
    ['a containment without target', /^ {4}target: .*\n/m, '', 'participant.offer', 7, undefined],
    ['an inverse that is no offer', 'action: unblock', 'action: unblok', 'participant.offer', 11, undefined],
    [
      'a capability that it cannot provide',
      ': block_domain }',
      ': unblock_domain }',
      'participant.offer',
      21,
      undefined,
    ],
    ['a capability that nobody knows', '{ block_domain:', '{ blok_domain:', 'participant.offer', 21, undefined],
    ['a title that is no text', 'title: DNS sinkhole', 'title: []', 'participant.schema', 3, undefined],
    ['broken YAML', 'title: DNS sinkhole', 'title: [', 'participant.yaml', 3, undefined],
  ] as const)('with %s is refused at its place', (_what, from, to, code, line, suggestion) => {
    const text = SINKHOLE.replace(from, to);
    expect(text).not.toBe(SINKHOLE);
    const { participant, findings } = parseParticipant(text, { contracts });
    expect(participant).toBeUndefined();
    expect(findings).toContainEqual(expect.objectContaining({ code }));
    const [first] = findings.filter((one) => one.code === code);
    if (code !== 'participant.yaml') expect(first).toMatchObject({ line, suggestion });
  });

  test.prop([fc.string({ maxLength: 200 })])('never throws, and says something where it gives nothing', (text) => {
    const { participant, findings } = parseParticipant(text);
    expect(participant === undefined).toBe(findings.length > 0);
  });

  it('cannot be blown up by aliases', () => {
    const bomb = `kind: participant/v1\nid: a\ntitle: A\nsettings:\n  a: &a [x, x]\n  b: &b [*a, *a]\n  c: [*b, *b]\n`;
    expect(parseParticipant(bomb).findings).toMatchObject([{ code: 'participant.yaml' }]);
  });
});

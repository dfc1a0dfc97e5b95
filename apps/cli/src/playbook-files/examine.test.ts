import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedContent } from '@counterpoint/server';
import { describe, expect, it } from 'vitest';
import { kindOf } from './content-kind.ts';
import { examine } from './examine.ts';
import type { FoundFile } from './find-files.ts';

const given = (file: string, text: string, named = true): FoundFile => ({ file, text, named });

/** Findings as `line:column code`. */
function findingsOf(...files: FoundFile[]): Record<string, string[]> {
  return Object.fromEntries(
    examine(files).map(({ file, findings }) => [
      file,
      findings.map(({ line, column, code }) => `${line}:${column} ${code}`),
    ]),
  );
}

const PLAYBOOK = 'kind: playbook/v1\nid: a\ntitle: A\nsteps:\n  - { id: one, set: { x: 1 } }\n';

describe('kindOf', () => {
  it('believes the kind that a file names, then its place', () => {
    expect(kindOf('x.yaml', '# first\nkind: normalizer/v1\n')).toEqual({ kind: 'normalizer' });
    expect(kindOf('playbooks/x.yaml', 'id: x\n')).toEqual({ kind: 'playbook' });
    expect(kindOf('playbooks/x.test.yaml', 'tests: []\n')).toEqual({ kind: 'playbook_test' });
    expect(kindOf('topics/a.v1.json', '{}')).toEqual({ kind: 'topic' });
    expect(kindOf('elsewhere/b.json', '{ "capability": "block" }')).toEqual({ kind: 'capability' });
  });

  it('says what a file names when nothing knows it', () => {
    expect(kindOf('x.yaml', 'id: x\nkind: playbok/v1\n')).toEqual({
      kind: 'unknown',
      named: 'playbok/v1',
      line: 2,
      column: 7,
    });
    expect(kindOf('docker-compose.yaml', 'services: {}\n')).toEqual({ kind: 'none' });
  });
});

describe('examine', () => {
  it('finds what is wrong in each kind of file, with its place', () => {
    const policy = readFileSync(join(shippedContent, 'policy/policy.yaml'), 'utf8');
    const found = findingsOf(
      given('playbooks/a.yaml', PLAYBOOK.replace('set:', 'sett:')),
      given('n.yaml', 'kind: normalizer/v1\nid: x\ntitel: X\n'),
      given('policy/p.yaml', policy.replace('value: 1.1.1.1', 'value: nowhere')),
      given('noise.yaml', 'kind: noise/v1\nid: x\n'),
      given('topics/t.v1.json', '{ "topic": "t.v1",\n  "title" }'),
      given('capabilities/c.json', '{ "capability": "c" }'),
      given('x.yaml', 'kind: playbok/v1\n'),
      given('y.yaml', 'services: {}\n'),
    );
    expect(found['playbooks/a.yaml']).toContain('5:16 playbook.unknown_field');
    expect(found['n.yaml']).toContain('3:8 normalizer.unknown_key');
    const line = policy.slice(0, policy.indexOf('value: 1.1.1.1')).split('\n').length;
    expect(found['policy/p.yaml']).toEqual([`${line}:16 policy.address_invalid`]);
    expect(found['noise.yaml']).toEqual(['1:1 noise.invalid']);
    expect(found['topics/t.v1.json']).toEqual(['2:11 content.json']);
    expect(found['capabilities/c.json']).toEqual(['1:1 playbook.capability_invalid']);
    expect(found['x.yaml']).toEqual(['1:7 content.kind_unknown']);
    expect(found['y.yaml']).toEqual(['1:1 content.kind_missing']);
  });

  it('leaves files alone that a folder holds besides', () => {
    expect(findingsOf(given('compose.yaml', 'services: {}\n', false))).toEqual({});
  });

  it('checks playbooks against topics of their own and against each other', () => {
    const caller =
      'kind: playbook/v1\nid: b\ntitle: B\non: [{ topic: own.news.v1 }]\nsteps:\n  - { id: one, call: a }\n';
    const topic = '{ "topic": "own.news.v1", "title": "News", "schema": { "type": "object" } }';
    const alone = findingsOf(given('b.yaml', caller));
    expect(alone['b.yaml']?.map((one) => one.split(' ')[1]).sort()).toEqual([
      'playbook.unknown_playbook',
      'playbook.unknown_topic',
    ]);
    const together = findingsOf(given('b.yaml', caller), given('a.yaml', PLAYBOOK), given('topics/x.json', topic));
    expect(together).toEqual({ 'a.yaml': [], 'b.yaml': [], 'topics/x.json': [] });
  });

  it('tells a test file without a playbook, or beside a faulty one', () => {
    const test = 'kind: playbook_test/v1\nplaybook: a\ntests: [{ name: t, expect: { status: succeeded } }]\n';
    expect(findingsOf(given('a.test.yaml', test))['a.test.yaml']).toEqual(['2:11 content.no_playbook']);
    const faulty = findingsOf(given('a.yaml', PLAYBOOK.replace('set:', 'sett:')), given('a.test.yaml', test));
    expect(faulty['a.test.yaml']).toEqual(['2:11 content.playbook_faulty']);
    const [, sound] = examine([given('a.yaml', PLAYBOOK), given('a.test.yaml', test)]);
    expect(sound?.rehearsable?.plan.id).toBe('a');
  });
});

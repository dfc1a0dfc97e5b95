import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges } from '../edit/edit.ts';
import { PLAYBOOK_FIELDS } from '../grammar/playbook.ts';
import { REACTION_FIELDS } from '../grammar/reaction.ts';
import { COMMON_FIELDS } from '../grammar/step.ts';
import { TRIGGER_FIELDS } from '../grammar/triggers.ts';
import { VERBS, verbs } from '../grammar/verbs/index.ts';
import { testCatalogue } from '../testing/catalogue.ts';
import { completePlaybook } from './complete-playbook.ts';
import { FIELD_NAMES } from './fields.ts';

const START = `kind: playbook/v1
id: p
title: T
uses: { mail: imap_mailbox, fw: firewall, web: { capability: block_url } }
on:
  - topic: mail.reported.v1
inputs:
  threshold: { type: integer, default: 5 }
steps:
  - id: msg
    action: mail.get_message
    with: { id: "\${{ event.message_ref }}" }
  - id: each
    foreach: steps.msg.urls
    as: url
    do:
      - id: rep
        set: { n: "\${{ size(url) }}" }
    yield: { url: "\${{ url }}" }
`;

/** Completes where `|` stands. */
function complete(text: string) {
  const offset = text.indexOf('|');
  const source = text.slice(0, offset) + text.slice(offset + 1);
  const { from, to, options } = completePlaybook(source, offset, testCatalogue);
  return { replaced: source.slice(from, to), options, labels: options.map(({ label }) => label) };
}

const step = (rest: string): string => `${START}  - id: x\n    ${rest}`;

describe('completing fields', () => {
  it('offers what a document does not have yet', () => {
    const { labels, replaced } = complete(`${START}out|`);
    expect(replaced).toBe('out');
    expect(labels).toContain('outputs');
    expect(labels).not.toContain('steps');
  });

  it('offers verbs to a step without one, and what goes with the one that it has', () => {
    expect(complete(step('|')).labels).toEqual(expect.arrayContaining(['action', 'parallel', 'title']));
    const { labels } = complete(step('action: mail.search\n    |'));
    expect(labels).toEqual(expect.arrayContaining(['with', 'lease', 'retry', 'if']));
    expect(labels).not.toContain('parallel');
  });

  it('indents what it writes over several lines', () => {
    const option = complete(step('action: mail.search\n    |')).options.find(({ label }) => label === 'with');
    expect(option?.insert).toBe('with:\n      ');
  });

  it.each([
    ['lease', 'action: fw.block_ip\n    lease: { | }', 'for'],
    ['retry', 'action: fw.block_ip\n    retry:\n      |', 'backoff'],
    ['wait', 'wait: { | }', 'window'],
    ['a named condition of wait', 'wait:\n      any:\n        one: { | }', 'match'],
    ['catch', 'try: []\n    catch:\n      - |', 'do'],
    ['elif', 'if: true\n    then: []\n    elif:\n      - |', 'then'],
    ['a form', 'ask: What?\n    form:\n      answer: { | }', 'type'],
    ['a step in a branch', 'parallel:\n      one:\n        - |', 'action'],
  ])('knows the fields of %s', (_what, rest, field) => {
    expect(complete(step(rest)).labels).toContain(field);
  });

  it('has the fields of the grammar, no more and no less', () => {
    const sorted = (names: Iterable<string>) => [...new Set(names)].sort();
    expect(sorted(FIELD_NAMES.playbook ?? [])).toEqual(sorted(PLAYBOOK_FIELDS));
    expect(sorted(FIELD_NAMES.reaction ?? [])).toEqual(sorted(REACTION_FIELDS));
    expect(sorted(FIELD_NAMES.common ?? [])).toEqual(sorted(COMMON_FIELDS));
    expect(sorted(FIELD_NAMES.verbs ?? [])).toEqual(sorted(VERBS));
    expect(sorted(FIELD_NAMES.trigger ?? [])).toEqual(sorted(['id', ...Object.values(TRIGGER_FIELDS).flat()]));
    for (const verb of VERBS) {
      const own = verbs[verb].fields.filter((field) => field !== verb);
      const known = (FIELD_NAMES[`verb ${verb}`] ?? []).filter((field) => !COMMON_FIELDS.includes(field as 'if'));
      expect(sorted(known), verb).toEqual(sorted(own));
    }
  });
});

describe('completing values', () => {
  it.each([
    ['actions of aliases and built-in connectors', 'action: mail.|', ['mail.search', 'web.block_url', 'case.open']],
    ['required arguments first', 'action: mail.search\n    with: { | }', ['fingerprint', 'within', 'limit']],
    ['arguments below', 'action: mail.search\n    with:\n      fingerprint: a\n      |', ['within', 'limit']],
    ['the words of an argument', 'action: fw.block_ip\n    with:\n      direction: |', ['in', 'out']],
    ['topics', 'publish: |', ['control.failed.v1']],
    ['playbooks', 'call: |', ['end_sessions']],
    ['steps', 'undo: |', ['msg', 'rep']],
    ['steps of a list', 'approval: x\n    covers: [|]', ['msg', 'each']],
    ['words of the language', 'action: fw.tag\n    on_failure: |', ['fail', 'continue']],
    ['errors', 'try: []\n    catch:\n      - on: [|]', ['rate_limited']],
    ['connections of the connector', 'action: mail.search\n    connection: |', ['soc_mail']],
  ])('offers %s', (_what, rest, expected) => {
    expect(complete(step(rest)).labels).toEqual(expect.arrayContaining(expected));
  });

  it('offers connectors and capabilities in uses', () => {
    const { options } = complete(START.replace('fw: firewall', 'fw: |'));
    expect(options).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ label: 'firewall', kind: 'connector' }),
        expect.objectContaining({ label: 'block_url', kind: 'capability' }),
      ]),
    );
  });
});

describe('actions of what `uses` does not have', () => {
  const others = (text: string) => complete(text).options.filter(({ also }) => also.length > 0);
  const taken = (text: string, wanted: string): string => {
    const source = text.replace('|', '');
    const option = others(text).find(({ label }) => label === wanted);
    return applyChanges(source, option?.also ?? []);
  };

  it('come after all others, those of connectors that are used are among them once', () => {
    const { options } = complete(step('action: |'));
    const first = options.findIndex(({ also }) => also.length > 0);
    expect(options.slice(first).every(({ also }) => also.length > 0)).toBe(true);
    const labels = options.map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels.slice(first)).toEqual(expect.arrayContaining(['slack.post', 'virustotal.lookup_url']));
    expect(labels).not.toContain('imap_mailbox.search');
    expect(labels).not.toContain('case_2.open');
    expect(labels).toContain('ticketing.ticketing');
  });

  it('are offered in a list of steps, in brackets and where an action is named already', () => {
    for (const text of [step('action: sl|'), step('action: mail.search|'), `${START}  - { id: x, action: | }\n`]) {
      expect(others(text).map(({ label }) => label)).toContain('slack.post');
    }
    expect(others(step('action: case.open\n    with: { title: | }'))).toEqual([]);
  });

  it.each([
    ['in brackets', 'uses: { mail: imap_mailbox } # of all', 'uses: { mail: imap_mailbox, slack: slack } # of all'],
    [
      'in brackets that end with a comma',
      'uses: { mail: imap_mailbox, }',
      'uses: { mail: imap_mailbox, slack: slack, }',
    ],
    ['in empty brackets', 'uses: {}', 'uses: { slack: slack }'],
    [
      'in brackets over several lines with a comment at the end',
      'uses: {\n  mail: imap_mailbox # ours\n}',
      'uses: {\n  mail: imap_mailbox, slack: slack # ours\n}',
    ],
    [
      'on lines of their own',
      'uses:\n    mail: imap_mailbox # ours\n    # the end\n',
      'uses:\n    mail: imap_mailbox # ours\n    slack: slack\n    # the end\n',
    ],
    ['where there is nothing yet', 'uses: # soon', 'uses: # soon\n  slack: slack'],
    ['under a name of its own', 'uses: { slack: firewall }', 'uses: { slack: firewall, slack_2: slack }'],
  ])('bring an alias along %s', (_what, before, after) => {
    const text = `kind: playbook/v1\nid: p\n${before}\nsteps:\n  - id: x\n    action: |\n`;
    const wanted = after.includes('slack_2') ? 'slack_2.post' : 'slack.post';
    expect(taken(text, wanted)).toBe(text.replace(before, after).replace('|', ''));
  });

  it('begin `uses` where there is none', () => {
    const text = `kind: playbook/v1\nid: p\ntitle: T\n\non: [{ manual: {} }]\nsteps:\n  - id: x\n    action: |\n`;
    expect(taken(text, 'slack.post')).toBe(
      text.replace('title: T\n', 'title: T\nuses:\n  slack: slack\n').replace('|', ''),
    );
  });

  it('are not offered where `uses` cannot be added to', () => {
    const shared = `kind: playbook/v1\nuses: &all { mail: imap_mailbox }\nsteps:\n  - id: x\n    action: |\n`;
    expect(others(shared)).toEqual([]);
    expect(complete(shared).labels).toContain('mail.search');
    expect(others(`${START}  - id: x\n    action: |\n  bad\n : : indent`)).toEqual([]);
  });
});

describe('completing expressions', () => {
  it.each([
    ['names and functions', 'if: |', ['event', 'inputs', 'steps', 'blockable']],
    ['what a step gives', 'if: steps.msg.|', ['subject', 'urls', 'fingerprint']],
    ['fields of items', 'if: steps.each.items[0].|', ['url']],
    ['the event of the trigger', 'if: event.|', ['report_id']],
    ['variables of macros', 'if: steps.each.items.exists(one, one.|)', ['url']],
    ['in a template that is still open', `set:\n      a: \${{ steps.|`, ['msg', 'each']],
    ['before another field', 'switch: inputs.|\n    cases: {}', ['threshold']],
    ['the event that is waited for', 'wait: { topic: verdict.url.v1, match: candidate.| }', ['verdict']],
  ])('offers %s', (_what, rest, expected) => {
    expect(complete(step(rest)).labels).toEqual(expect.arrayContaining(expected));
  });

  it('shows what is in sight at that place only', () => {
    expect(complete(step('if: steps.|')).labels).not.toContain('rep');
    expect(complete(START.replace('size(url)', 'size(|)')).labels).toContain('url');
    const inside = complete(START.replace(`yield: { url: "\${{ url }}" }`, `yield: { url: "\${{ steps.| }}" }`));
    expect(inside.labels).toContain('rep');
  });

  it('does not depend on where else the document has lists', () => {
    const above = START.replace('steps:\n', `on_error:\n  - id: told\n    if: steps.|\nsteps:\n`);
    expect(complete(above).labels).toEqual(expect.arrayContaining(['msg', 'each']));
    const between = START.replace(
      '  - id: each',
      `  - id: mid\n    if: steps.|\n    then: [{ id: inner, set: { n: 1 } }]\n  - id: each`,
    );
    expect(complete(between).labels).toEqual(['msg']);
    const inside = `${START}  - id: last\n    fail: x\n`.replace(`set: { n: "\${{ size(url) }}" }`, 'if: steps.|');
    expect(complete(inside).labels).toEqual(['msg']);
  });

  it('writes a question mark where a field may be absent', () => {
    const text = step('if: inputs.threshold > 1\n    set: { a: 1 }\n  - id: y\n    if: steps.|');
    const option = complete(text).options.find(({ label }) => label === 'x');
    expect(option).toMatchObject({ insert: '?x', detail: '{a: int}, may be absent' });
  });

  it('says how functions are called', () => {
    const option = complete(step('if: block|')).options.find(({ label }) => label === 'blockable');
    expect(option?.detail).toMatch(/^blockable\(/);
    expect(option?.doc).not.toBe('');
  });
});

it('answers at every place of every text', () => {
  const everyVerb = readFileSync(join(import.meta.dirname, '../good/every_verb.yaml'), 'utf8');
  fc.assert(
    fc.property(
      fc.nat(everyVerb.length),
      fc.constantFrom('', ' ', '\n  - ', '"', '{', `\${{ `, 'steps.', ': '),
      (at, typed) => {
        const text = everyVerb.slice(0, at) + typed + everyVerb.slice(at);
        const offset = at + typed.length;
        const { from, to } = completePlaybook(text, offset, testCatalogue);
        expect(from).toBeLessThanOrEqual(offset);
        expect(to).toBeGreaterThanOrEqual(offset);
        expect(text.slice(from, to)).not.toContain('\n');
      },
    ),
  );
});

it.each([
  ['spaces', ' '.repeat(200_000)],
  ['letters', 'a'.repeat(200_000)],
  ['fields', 'a.'.repeat(100_000)],
  ['quotes', `"'`.repeat(100_000)],
  ['braces', '{['.repeat(100_000)],
  ['dashes', '- '.repeat(100_000)],
  ['commas', ',a: b'.repeat(40_000)],
  ['macros', 'a.map(b,'.repeat(25_000)],
])('is not held up by %s without end', (_what, long) => {
  for (const head of ['a: ', 'if: ', 'x ', 'a: { b: ', `a: "\${{ `]) {
    const text = `kind: playbook/v1\nsteps:\n  - ${head}${long}`;
    expect(() => completePlaybook(text, text.length, testCatalogue)).not.toThrow();
  }
});

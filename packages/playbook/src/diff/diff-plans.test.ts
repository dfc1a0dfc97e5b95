import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compilePlaybook } from '../compile.ts';
import type { Plan } from '../plan.ts';
import { diffPlans, type EffectOf } from './diff-plans.ts';
import { diffText } from './diff-text.ts';

const shipped = readFileSync(join(import.meta.dirname, '../../../../content/playbooks/brute_force.yaml'), 'utf8');
const effectOf: EffectOf = (_plan, { action }) =>
  action === 'ban_ip' ? 'contain' : action === 'purge' ? 'destroy' : 'change';

function planOf(text: string): Plan {
  const { plan, findings } = compilePlaybook(text);
  if (!plan) throw new Error(findings.map(({ message }) => message).join('\n'));
  return plan;
}

/** What changed, `!` before what bears on safety. */
function told(from: string, to: string): string[] {
  const changes = diffPlans(planOf(from), planOf(to), effectOf);
  return changes.map(({ safety, text }) => (safety ? `! ${text}` : text));
}

/** The shipped playbook with one part said otherwise. */
function other(...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`there is no ${from}`);
    return text.replace(from, to);
  }, shipped);
}

describe('diffPlans', () => {
  it('sees nothing in comments, order of keys and layout', () => {
    const laidOut = other(
      ['# every score below this: harmless', '# another comment'],
      [
        `with: { ip: "\${{ steps.attacker.ip }}" }\n                lease: { for: 24h }`,
        `lease: { for: 24h }\n                with: { ip: "\${{ steps.attacker.ip }}" }`,
      ],
      ['lease: { for: 24h }', 'lease: { for: 1d }'],
    );
    expect(told(shipped, laidOut)).toEqual([]);
    expect(diffText({ name: 'a', text: shipped }, { name: 'b', text: laidOut })).toMatch(/^--- a\n\+\+\+ b\n@@ /);
  });

  it('leads with leases, targets and conditions of what cuts something off', () => {
    const changed = other(
      ['title: Respond to many failed logins from one address', 'title: Respond to brute force'],
      ['lease: { for: 24h }', 'lease: { for: 30d }'],
      ['switch: steps.confidence.level', 'switch: steps.opinion.level'],
      [
        `action: host.ban_ip\n                with: { ip: "\${{ steps.attacker.ip }}" }`,
        `action: host.ban_ip\n                with: { ip: "\${{ event.ip }}" }`,
      ],
      ['attempts: 3', 'attempts: 5'],
    );
    expect(told(shipped, changed)).toEqual([
      '! step response: switch: steps.confidence.level -> steps.opinion.level',
      '! step perimeter_block: lease.for: 1 d -> 30 d',
      `! step host_block: with.ip: \${{ steps.attacker.ip }} -> \${{ event.ip }}`,
      'title: Respond to many failed logins from one address -> Respond to brute force',
      'step abuse: retry.attempts: 3 -> 5',
    ]);
  });

  it('sees that nothing vouches for a value any more', () => {
    const changed = other([
      `ip: \${{ blockable(event.alert.finding.evidences[0].src_endpoint.ip) }}`,
      `ip: \${{ event.alert.finding.evidences[0].src_endpoint.ip }}`,
    ]);
    expect(told(shipped, changed)).toEqual([
      `! step attacker: set.ip: \${{ blockable(event.alert.finding.evidences[0].src_endpoint.ip) }} -> \${{ event.alert.finding.evidences[0].src_endpoint.ip }}`,
    ]);
  });

  it('names triggers, inputs, uses and outputs', () => {
    const changed = other(
      ['chat: slack', 'chat: teams'],
      ['  - alert: true\n', '  - manual: true\n  - alert: true\n'],
      ['{ type: integer, default: 75 }', '{ type: integer, default: 60 }'],
      [`  mean: \${{ steps.confidence.mean }}\n`, ''],
      ['priority: high', 'priority: low'],
    );
    expect(told(shipped, changed)).toEqual([
      '! uses chat: slack -> teams',
      'trigger manual is new: {"kind":"manual"}',
      'input block_at: default 75 -> 60',
      'priority: high -> low',
      `outputs.mean is gone: \${{ steps.confidence.mean }}`,
    ]);
  });

  const steps = (...lines: readonly string[]): string =>
    `kind: playbook/v1\nid: p\ntitle: P\nuses: { fw: fw }\non: [{ manual: {} }]\nsteps:\n${lines.join('\n')}\n`;
  const A = '  - { id: a, set: { n: 1 } }';
  const B = '  - { id: b, set: { n: 2 } }';
  const C = '  - { id: c, set: { n: 3 } }';
  const BLOCK = '  - { id: block, action: fw.ban_ip, with: { ip: x }, lease: { for: 1h } }';
  const ASK = '  - { id: ok, approval: "Sure?", covers: [block], by: { role: lead, quorum: 2 } }';

  it('tells the fewest moves, and renames from removals', () => {
    expect(told(steps(A, B, C), steps(B, C, A))).toEqual(['step a moved from behind the beginning to behind c']);
    expect(told(steps(A, B), steps(A, B.replace('id: b', 'id: z')))).toEqual(['step b is now called z']);
    expect(told(steps(A, BLOCK), steps(A, `  - id: i\n    if: true\n    then:\n    ${BLOCK}`))).toEqual([
      expect.stringMatching(/^! step i \(around\) is new: /),
      '! step block moved from steps to i.then',
    ]);
  });

  it('puts new and removed containment, destruction and approvals first', () => {
    expect(told(steps(A), steps(A, B, BLOCK))).toEqual([
      '! step block (contain) is new: {"in":"steps","verb":"action","contain":true,"lease.for":"1 h","action":"fw.ban_ip","with.ip":"x"}',
      'step b is new: {"in":"steps","verb":"set","set.n":2}',
    ]);
    expect(told(steps(ASK, BLOCK), steps(BLOCK))).toEqual([
      expect.stringMatching(/^! step ok \(approval\) is gone: .*"by.quorum":2/),
    ]);
    expect(
      told(steps(ASK, BLOCK), steps(ASK.replace('quorum: 2', 'quorum: 1'), BLOCK.replace('ban_ip', 'purge'))),
    ).toEqual([
      '! step ok: by.quorum: 2 -> 1',
      '! step block: effect: contain -> destroy',
      '! step block: action: fw.ban_ip -> fw.purge',
    ]);
  });

  it('compares reactions', () => {
    const reaction = (mode: string, publishers: string): string =>
      `kind: reaction/v1\nid: r\ntitle: R\nmode: ${mode}\nuses: { fw: fw }\nsubscribe: { topic: t.v1, trust: { publishers: [${publishers}], sources: 1 } }\ndo: [{ id: block, action: fw.ban_ip, with: { ip: x }, lease: { for: 1h } }]\n`;
    expect(told(reaction('ask', 'a'), reaction('act', 'a, b'))).toEqual([
      '! mode: ask -> act',
      '! subscribe.trust.publishers: ["a"] -> ["a","b"]',
    ]);
  });
});

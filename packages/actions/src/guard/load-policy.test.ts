import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadPolicy, policyFile } from './load-policy.ts';

const good = `
kind: policy/v1
protected: { own: [addresses], addresses: [{ value: 192.0.2.0/24, why: lab }] }
widest_prefix: { ipv4: 24, ipv6: 48 }
lease: { max: 30d }
`;

const findings = (text: string) => {
  const state = loadPolicy(text);
  return state.ok ? [] : state.findings;
};

describe('reading policy.yaml', () => {
  it('accepts the one that is shipped', () => {
    const path = fileURLToPath(new URL('../../../../content/policy/policy.yaml', import.meta.url));
    const state = policyFile(path)();
    expect(state).toMatchObject({
      ok: true,
      policy: { lease: { max: 90 * 86_400_000 }, approval: { effects: ['destroy'] } },
    });
    expect(readFileSync(path, 'utf8')).not.toContain('\t');
  });

  it('fills in what may be left out', () => {
    expect(loadPolicy(good)).toMatchObject({
      ok: true,
      policy: {
        lease: { max: 30 * 86_400_000, permanent: [] },
        approval: { effects: [], actions: [] },
        protected: { names: [] },
      },
    });
  });

  it.each([
    ['no text', '', 'policy.form_invalid', 1],
    ['broken YAML', `${good}a: [`, 'policy.syntax', 6],
    ['a key twice', `${good}kind: policy/v1\n`, 'policy.syntax', 6],
    ['an unknown key', `${good}leese: { max: 1d }\n`, 'policy.form_invalid', 2],
    ['another kind', good.replace('policy/v1', 'policy/v2'), 'policy.form_invalid', 2],
    ['a prefix length that is none', good.replace('ipv4: 24', 'ipv4: 0'), 'policy.form_invalid', 4],
    ['text where a number belongs', good.replace('ipv4: 24', 'ipv4: "24"'), 'policy.form_invalid', 4],
    ['no list of own assets', good.replace('own: [addresses], ', ''), 'policy.form_invalid', 3],
    ['an address that is none', good.replace('192.0.2.0/24', '192.0.2.0/99'), 'policy.address_invalid', 3],
    ['an address of two meanings', good.replace('192.0.2.0/24', '010.0.0.1'), 'policy.address_invalid', 3],
    ['a duration that is none', good.replace('30d', 'long'), 'policy.duration_invalid', 5],
    ['an alias bomb', `a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]${good}`, 'policy.syntax', 1],
  ])('finds %s', (_what, text, code, line) => {
    expect(findings(text)[0]).toMatchObject({ code, line });
  });

  it('says everything that is wrong with the lists at once', () => {
    const text = good.replace('192.0.2.0/24, why: lab', 'x, why: lab }, { value: y y, why: lab').replace('30d', '30x');
    expect(findings(text).map((one) => one.code)).toEqual([
      'policy.address_invalid',
      'policy.address_invalid',
      'policy.duration_invalid',
    ]);
  });

  it('reads the file again when it changes, and is no policy while the file is gone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'policy-'));
    const path = join(folder, 'policy.yaml');
    const policy = policyFile(path);
    expect(policy()).toMatchObject({ ok: false, findings: [{ code: 'policy.unreadable' }] });
    writeFileSync(path, good);
    expect(policy().ok).toBe(true);
    writeFileSync(path, 'kind: nothing at all');
    expect(policy().ok).toBe(false);
    writeFileSync(path, good);
    expect(policy().ok).toBe(true);
    rmSync(folder, { recursive: true });
    expect(policy().ok).toBe(false);
  });
});

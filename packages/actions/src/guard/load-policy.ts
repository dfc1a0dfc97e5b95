import { readFileSync, statSync } from 'node:fs';
import { isCounterpointError, type Json, parseDuration } from '@counterpoint/core';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { checkInput } from '../schema.ts';
import type { AddressRange } from './address-range.ts';
import type { Policy, PolicyFinding, PolicyState, Protected } from './policy.ts';
import { policySchema } from './policy-schema.ts';
import { readAddress } from './read-address.ts';
import { canonicalName } from './target.ts';

interface Entry {
  readonly value: string;
  readonly why: string;
}

/** The document once it has the right form; see {@link policySchema}. */
interface PolicyDocument {
  readonly protected: {
    readonly own: Policy['protected']['own'];
    readonly addresses: readonly Entry[];
    readonly names: readonly Entry[];
    readonly domains: readonly Entry[];
    readonly accounts: readonly Entry[];
  };
  readonly widest_prefix: { readonly ipv4: number; readonly ipv6: number };
  readonly lease: { readonly max: string; readonly permanent: readonly string[] };
  readonly budgets: readonly (Omit<Policy['budgets'][number], 'per'> & { readonly per: string })[];
  readonly approval: Omit<Policy['approval'], 'wait' | 'valid'> & { readonly wait: string; readonly valid: string };
}

type Path = readonly (string | number)[];
type Report = (code: string, message: string, path: Path) => void;

function reporter(document: Document, lines: LineCounter, findings: PolicyFinding[]): Report {
  return (code, message, path) => {
    let node: unknown;
    for (let length = path.length; length >= 0 && node === undefined; length--) {
      node = document.getIn(path.slice(0, length), true) ?? undefined;
    }
    const offset = (node as { range?: readonly number[] } | undefined)?.range?.[0] ?? 0;
    const { line, col } = lines.linePos(offset);
    findings.push({ code: `policy.${code}`, message, line, column: col });
  };
}

function readRange(entry: Entry, path: Path, report: Report): AddressRange {
  const readings = readAddress(entry.value);
  const [only] = readings;
  if (only && readings.length === 1) return only;
  const reason = readings.length === 0 ? 'is no address, network or range' : 'can be read in more than one way';
  report('address_invalid', `"${entry.value}" ${reason}`, path);
  return { first: 0n, last: 0n };
}

function readName(entry: Entry, path: Path, report: Report): string {
  const name = canonicalName(entry.value);
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)) report('name_invalid', `"${entry.value}" is no host name`, path);
  return name;
}

function readDuration(text: string, path: Path, report: Report): number {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    report('duration_invalid', error.message.replace(/\.$/, ''), path);
    return 0;
  }
}

function toPolicy(raw: PolicyDocument, report: Report): Policy {
  const entries = <Value>(
    kind: 'addresses' | 'names' | 'domains' | 'accounts',
    read: (entry: Entry, path: Path, report: Report) => Value,
  ): Protected<Value>[] =>
    raw.protected[kind].map((entry, index) => ({
      value: read(entry, ['protected', kind, index, 'value'], report),
      why: entry.why,
    }));
  return {
    protected: {
      own: raw.protected.own,
      addresses: entries('addresses', readRange),
      names: entries('names', readName),
      domains: entries('domains', readName),
      accounts: entries('accounts', (entry) => entry.value.trim().toLowerCase()),
    },
    widestPrefix: raw.widest_prefix,
    lease: { max: readDuration(raw.lease.max, ['lease', 'max'], report), permanent: raw.lease.permanent },
    budgets: raw.budgets.map((budget, index) => ({
      ...budget,
      per: readDuration(budget.per, ['budgets', index, 'per'], report),
    })),
    approval: {
      ...raw.approval,
      wait: readDuration(raw.approval.wait, ['approval', 'wait'], report),
      valid: readDuration(raw.approval.valid, ['approval', 'valid'], report),
    },
  };
}

/**
 * Reads and checks the text of a `policy.yaml`. Everything that is wrong is found at once; a policy with any finding is
 * no policy.
 */
export function loadPolicy(text: string): PolicyState {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const findings: PolicyFinding[] = [];
  for (const problem of [...document.errors, ...document.warnings]) {
    const { line, col } = lines.linePos(problem.pos[0]);
    findings.push({ code: 'policy.syntax', message: problem.message, line, column: col });
  }
  if (findings.length > 0) return { ok: false, findings };
  const report = reporter(document, lines, findings);
  let value: Json;
  try {
    value = document.toJS({ maxAliasCount: 20 }) as Json;
  } catch (error) {
    report('syntax', error instanceof Error ? error.message : String(error), []);
    return { ok: false, findings };
  }
  const checked = checkInput({ type: 'object', properties: { policy: policySchema } }, { policy: value });
  if ('reason' in checked) {
    const [, pointer = '', reason = ''] = /^\/policy(\S*) (.*)$/s.exec(checked.reason) ?? [];
    const path = pointer.split('/').slice(1);
    report('form_invalid', `${path.join('.') || 'the policy'} ${reason || checked.reason}`, path.map(asIndex));
    return { ok: false, findings };
  }
  const policy = toPolicy(checked.input.policy as unknown as PolicyDocument, report);
  return findings.length === 0 ? { ok: true, policy } : { ok: false, findings };
}

function asIndex(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}

/**
 * Gives the policy in a file, read again whenever the file changed. A file that is missing or unreadable is no policy.
 */
export function policyFile(path: string): () => PolicyState {
  let stamp = '';
  let state: PolicyState | undefined;
  return () => {
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const now = `${mtimeMs}/${size}/${ino}`;
      if (state === undefined || now !== stamp) state = loadPolicy(readFileSync(path, 'utf8'));
      stamp = now;
    } catch (error) {
      const message = `policy.yaml cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
      stamp = '';
      state = { ok: false, findings: [{ code: 'policy.unreadable', message, line: 1, column: 1 }] };
    }
    return state;
  };
}

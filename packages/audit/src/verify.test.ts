import type { AuditCheckpointRow, AuditEntry, AuditRow } from '@counterpoint/events';
import { describe, expect, it } from 'vitest';
import { CHAIN_START, chainEntry } from './chain.ts';
import { createCheckpointSigner, newSigningKey, signCheckpoint } from './checkpoint.ts';
import { verifyChain } from './verify.ts';

const signer = createCheckpointSigner(newSigningKey(), 'installation-1');
const trust = { installation: 'installation-1', publicKeys: [signer.publicKey] };

function entry(n: number): AuditEntry {
  return {
    at: 1_767_225_600_000 + n,
    principal: 'user:alice',
    action: 'effect.allowed',
    object: `effect:${n}`,
    data: { n },
    trace: 'b'.repeat(32),
  };
}

function chainOf(entries: readonly AuditEntry[]): AuditRow[] {
  const rows: AuditRow[] = [];
  for (const each of entries) rows.push(chainEntry(rows.at(-1) ?? CHAIN_START, each));
  return rows;
}

const entries = Array.from({ length: 10 }, (_, n) => entry(n + 1));
const rows = chainOf(entries);
const checkpoints = [rows[4]!, rows[9]!].map((row) => signCheckpoint(signer, row, row.at));
const kinds = async (tampered: readonly AuditRow[], seen: readonly AuditCheckpointRow[] = checkpoints) =>
  (await verifyChain(tampered, seen, trust)).findings.map((finding) => `${finding.kind} ${finding.seq}-${finding.to}`);

describe('verifyChain without knowing who signs', () => {
  it('takes checkpoints at their word, and vouches for nothing', async () => {
    const whole = await verifyChain(rows, checkpoints, undefined);
    expect([whole.checkpoints, whole.vouchedTo, whole.total]).toEqual([0, 0, 0]);
    const kindsOf = async (some: readonly AuditRow[]) =>
      (await verifyChain(some, checkpoints, undefined)).findings.map(({ kind }) => kind);
    expect(await kindsOf(rows.slice(0, 7))).toEqual(['truncated']);
    expect(await kindsOf(chainOf(entries.with(2, { ...entries[2]!, principal: 'user:mallory' })))).toEqual([
      'rewritten',
      'rewritten',
    ]);
  });
});

describe('verifyChain', () => {
  it('finds nothing in an intact chain, and says how far checkpoints vouch', async () => {
    const more = chainOf([...entries, entry(11)]);
    expect(await verifyChain(more, checkpoints, trust)).toEqual({
      rows: 11,
      head: { seq: 11, hash: more[10]!.hash },
      checkpoints: 2,
      vouchedTo: 10,
      findings: [],
      total: 0,
    });
    expect((await verifyChain([], [], trust)).total).toBe(0);
  });

  it('attack 1, an edited row: names it', async () => {
    for (const change of [{ principal: 'user:mallory' }, { data: { n: 99 } }, { at: 1 }, { action: 'x.y' }]) {
      expect(await kinds(rows.with(2, { ...rows[2]!, ...change }))).toEqual(['edited 3-3']);
    }
  });

  it('attack 1b, an edited row with its hash made to match: names the row that no longer continues it', async () => {
    const edited = chainEntry(rows[1]!, { ...entries[2]!, principal: 'user:mallory' });
    expect(await kinds(rows.with(2, edited))).toEqual(['broken_link 4-4']);
  });

  it('attack 2, deleted rows in the middle: names the gap', async () => {
    expect(await kinds(rows.filter((row) => row.seq !== 6 && row.seq !== 7))).toEqual(['missing 6-7']);
  });

  it('attack 3, the first row deleted: names the gap, also when the rest was renumbered', async () => {
    expect(await kinds(rows.slice(1))).toEqual(['missing 1-1']);
    const renumbered = rows.slice(1).map((row) => ({ ...row, seq: row.seq - 1 }));
    expect(await kinds(renumbered)).toEqual(
      expect.arrayContaining(['edited 1-1', 'broken_link 1-1', 'truncated 10-10']),
    );
  });

  it('attack 4, an inserted row: names it, or the row that does not continue it', async () => {
    const forged = chainEntry(rows[3]!, entry(42));
    expect(await kinds(rows.toSpliced(5, 0, forged))).toEqual(
      expect.arrayContaining(['inserted 5-5', 'rewritten 5-5']),
    );
    const shifted = [...rows.slice(0, 4), forged, ...rows.slice(4).map((row) => ({ ...row, seq: row.seq + 1 }))];
    expect(await kinds(shifted)).toEqual(expect.arrayContaining(['edited 6-6', 'broken_link 6-6']));
  });

  it('attack 5, reordered rows: names the one that stands behind, also when the numbers were swapped', async () => {
    expect(await kinds(rows.with(2, rows[3]!).with(3, rows[2]!))).toEqual(['missing 3-3', 'reordered 3-3']);
    const swapped = rows.with(2, { ...rows[3]!, seq: 3 }).with(3, { ...rows[2]!, seq: 4 });
    expect(await kinds(swapped)).toEqual(expect.arrayContaining(['edited 3-3', 'edited 4-4']));
  });

  it('attack 6, a truncated tail: a checkpoint tells what is gone', async () => {
    expect(await kinds(rows.slice(0, 7))).toEqual(['truncated 8-10']);
    expect(await kinds([])).toEqual(['truncated 1-10']);
  });

  it('attack 7, a chain hashed anew from an edit on: checkpoints contradict it', async () => {
    const rewritten = chainOf(entries.with(2, { ...entries[2]!, principal: 'user:mallory' }));
    expect(await kinds(rewritten, [])).toEqual([]);
    expect(await kinds(rewritten)).toEqual(['rewritten 5-5', 'rewritten 10-10']);
  });

  it('attack 8, checkpoints signed by another key or altered: refused, and not believed', async () => {
    const rewritten = chainOf(entries.with(2, { ...entries[2]!, principal: 'user:mallory' }));
    const mallory = createCheckpointSigner(newSigningKey(), 'installation-1');
    const own = signCheckpoint(mallory, rewritten[9]!, 1);
    expect(await kinds(rewritten, [own])).toEqual(['checkpoint_unknown_key 10-10']);
    const relabelled = { ...own, signature: own.signature.replace(mallory.keyId, signer.keyId) };
    expect(await kinds(rewritten, [relabelled])).toEqual(['checkpoint_forged 10-10']);
    const altered = { ...checkpoints[1]!, hash: rewritten[9]!.hash };
    expect(await kinds(rewritten, [altered])).toEqual(['checkpoint_forged 10-10']);
  });

  it('refuses the checkpoint of another installation, though the key is the same', async () => {
    const report = await verifyChain(rows, checkpoints, { ...trust, installation: 'installation-2' });
    expect(report.findings.map((finding) => finding.kind)).toEqual(['checkpoint_forged', 'checkpoint_forged']);
  });

  it('notices two trusted checkpoints that contradict each other', async () => {
    const other = signCheckpoint(signer, { seq: 5, hash: 'f'.repeat(64) }, 1);
    expect(await kinds(rows, [...checkpoints, other])).toEqual(['rewritten 5-5']);
  });

  it('reads two hundred thousand rows as a stream and keeps at most a thousand findings', async () => {
    let tail = CHAIN_START;
    function* stream(count: number) {
      for (let n = 1; n <= count; n++) {
        const row = chainEntry(tail, entry(n));
        tail = row;
        yield n <= 5_000 ? { ...row, principal: 'user:mallory' } : row;
      }
    }
    const before = process.memoryUsage().heapUsed;
    const report = await verifyChain(stream(200_000), [], trust);
    expect(report.rows).toBe(200_000);
    expect(report.findings).toHaveLength(1_000);
    expect(report.total).toBe(5_000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(128 * 1024 * 1024);
  });
});

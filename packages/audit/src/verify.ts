import type { AuditCheckpointRow, AuditRow } from '@counterpoint/events';
import { CHAIN_START, type ChainHead, rowHash } from './chain.ts';
import { type CheckpointTrust, createCheckpointVerifier } from './checkpoint.ts';

/**
 * One sign of tampering.
 * - `edited`: a row's content does not match its hash.
 * - `missing`: rows `seq` to `to` are not there.
 * - `inserted`: a second row with the same sequence.
 * - `reordered`: a row stands behind one with a higher sequence.
 * - `broken_link`: a row does not continue the row before it.
 * - `truncated`: a signed checkpoint saw more rows than there are.
 * - `rewritten`: a row is not the one that a signed checkpoint saw; the chain was hashed anew.
 * - `checkpoint_forged`, `checkpoint_unknown_key`: a checkpoint that no trusted key signed.
 */
export interface ChainFinding {
  readonly kind:
    | 'edited'
    | 'missing'
    | 'inserted'
    | 'reordered'
    | 'broken_link'
    | 'truncated'
    | 'rewritten'
    | 'checkpoint_forged'
    | 'checkpoint_unknown_key';
  readonly seq: number;
  /** The last sequence concerned; the same as `seq` but for ranges. */
  readonly to: number;
  readonly message: string;
}

/** What a verification found. The chain is intact when `total` is 0. */
export interface ChainReport {
  readonly rows: number;
  readonly head: ChainHead;
  /** How many checkpoints were signed by a trusted key. */
  readonly checkpoints: number;
  /** The sequence up to which trusted checkpoints vouch; behind it a rewrite of the tail would not be noticed. */
  readonly vouchedTo: number;
  /** The first 1,000 findings. */
  readonly findings: readonly ChainFinding[];
  readonly total: number;
}

const MAX_FINDINGS = 1_000;

/**
 * Checks a chain against its own hashes and against signed checkpoints. Reads the rows once and keeps none of them.
 * Give it checkpoints kept off the machine: whoever can rewrite the database can remove its checkpoints as well.
 *
 * @param rows by ascending sequence, as `readAuditRows` or an export gives them.
 * @param trust undefined where it is not known who signs: checkpoints are taken at their word. That shows a file that was
 *   shortened or mixed up, and not one whose checkpoints were changed or taken out with its rows.
 * @throws audit.key_invalid
 */
export async function verifyChain(
  rows: Iterable<AuditRow> | AsyncIterable<AuditRow>,
  checkpoints: readonly AuditCheckpointRow[],
  trust: CheckpointTrust | undefined,
): Promise<ChainReport> {
  const findings = createFindings();
  const trusted = trust ? trustedCheckpoints(checkpoints, trust, findings) : checkpoints;
  const expected = new Map<number, Set<string>>();
  for (const { seq, hash } of trusted) expected.set(seq, (expected.get(seq) ?? new Set()).add(hash));

  let head = CHAIN_START;
  let count = 0;
  for await (const row of rows) {
    count += 1;
    checkRow(row, head, findings);
    const seen = expected.get(row.seq);
    if (seen && !(seen.size === 1 && seen.has(row.hash))) {
      findings.add('rewritten', row.seq, row.seq, `Row ${row.seq} is not the row that a signed checkpoint saw.`);
    }
    if (row.seq > head.seq) head = { seq: row.seq, hash: row.hash };
  }

  const furthest = trusted.reduce((most, { seq }) => Math.max(most, seq), 0);
  if (furthest > head.seq) {
    const message = `A signed checkpoint saw ${furthest} rows; the log ends at row ${head.seq}.`;
    findings.add('truncated', head.seq + 1, furthest, message);
  }
  const vouched = trust ? { checkpoints: trusted.length, vouchedTo: furthest } : { checkpoints: 0, vouchedTo: 0 };
  return { rows: count, head, ...vouched, findings: findings.list, total: findings.total };
}

interface Findings {
  readonly list: readonly ChainFinding[];
  readonly total: number;
  add(kind: ChainFinding['kind'], seq: number, to: number, message: string): void;
}

function createFindings(): Findings {
  const list: ChainFinding[] = [];
  let total = 0;
  return {
    list,
    get total() {
      return total;
    },
    add(kind, seq, to, message) {
      total += 1;
      if (list.length < MAX_FINDINGS) list.push({ kind, seq, to, message });
    },
  };
}

function trustedCheckpoints(
  checkpoints: readonly AuditCheckpointRow[],
  trust: CheckpointTrust,
  findings: Findings,
): readonly AuditCheckpointRow[] {
  const verdictOf = createCheckpointVerifier(trust);
  return checkpoints.filter((checkpoint) => {
    const verdict = verdictOf(checkpoint);
    if (verdict === 'valid') return true;
    const reason = verdict === 'forged' ? 'does not match its signature' : 'is signed by a key that is not trusted';
    const { seq, id } = checkpoint;
    findings.add(`checkpoint_${verdict}`, seq, seq, `The checkpoint ${id} at row ${seq} ${reason}.`);
    return false;
  });
}

function checkRow(row: AuditRow, head: ChainHead, findings: Findings): void {
  const { seq } = row;
  if (rowHash(row) !== row.hash) findings.add('edited', seq, seq, `Row ${seq} does not match its hash.`);
  const next = head.seq + 1;
  if (seq === head.seq) {
    findings.add('inserted', seq, seq, `There is a second row ${seq}.`);
  } else if (seq < next) {
    findings.add('reordered', seq, seq, `Row ${seq} stands behind row ${head.seq}.`);
  } else if (seq > next) {
    const range = seq - next === 1 ? `Row ${next} is` : `Rows ${next} to ${seq - 1} are`;
    findings.add('missing', next, seq - 1, `${range} missing.`);
  } else if (row.prev !== head.hash) {
    findings.add('broken_link', seq, seq, `Row ${seq} does not continue row ${head.seq}.`);
  }
}

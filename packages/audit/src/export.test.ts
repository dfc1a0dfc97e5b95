import { isCounterpointError } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createMemoryStore } from '@counterpoint/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { chainEntry } from './chain.ts';
import { checkpointChange, createCheckpointSigner, newSigningKey } from './checkpoint.ts';
import { exportAudit, readAuditExport } from './export.ts';
import { verifyChain } from './verify.ts';

const signer = createCheckpointSigner(newSigningKey(), 'installation-1');
const trust = { installation: 'installation-1', publicKeys: [signer.publicKey] };

let store: Store;
beforeEach(async () => {
  store = createMemoryStore({ chain: chainEntry });
  const entry = {
    at: 1,
    principal: 'user:é\u0000😀',
    action: 'a.b',
    object: 'case:1',
    data: { z: 1, a: [null] },
    trace: '',
  };
  for (let batch = 0; batch < 3; batch++) {
    await store.commit({ audit: Array.from({ length: 800 }, () => entry) });
    await store.commit((await checkpointChange(store, signer, batch))?.change ?? {});
  }
});

async function linesOf(reader: Store): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of exportAudit(reader, 'installation-1')) lines.push(line);
  return lines;
}

const invalid = (line: number) =>
  expect.toSatisfy(
    (error) => isCounterpointError(error, 'audit.export_invalid') && error.message.includes(`Line ${line} `),
  );

describe('the audit export', () => {
  it('comes back as it went out and verifies', async () => {
    const exported = await readAuditExport(exportAudit(store, 'installation-1'));
    expect(exported.installation).toBe('installation-1');
    const report = await verifyChain(exported.rows, exported.checkpoints, trust);
    expect(report).toMatchObject({ rows: 2_400, checkpoints: 3, vouchedTo: 2_400, findings: [] });
  });

  it('is one JSON object a line, checkpoints before rows', async () => {
    const lines = await linesOf(store);
    expect(lines).toHaveLength(1 + 3 + 2_400);
    expect(lines.every((line) => line.endsWith('\n') && line.indexOf('\n') === line.length - 1)).toBe(true);
    expect(Object.keys(JSON.parse(lines[1] ?? ''))).toEqual(['checkpoint']);
    expect(Object.keys(JSON.parse(lines[4] ?? ''))).toEqual(['row']);
  });

  it('shows tampering with a line of the file', async () => {
    const lines = await linesOf(store);
    const exported = await readAuditExport(lines.with(10, (lines[10] ?? '').replace('case:1', 'case:2')));
    const report = await verifyChain(exported.rows, exported.checkpoints, trust);
    expect(report.findings).toMatchObject([{ kind: 'edited', seq: 7 }]);
  });

  it('refuses what is no export, and names the damaged line', async () => {
    await expect(readAuditExport([])).rejects.toEqual(invalid(1));
    await expect(readAuditExport(['{"format":"other"}'])).rejects.toEqual(invalid(1));
    const lines = await linesOf(store);
    await expect(readAuditExport(lines.with(2, '{"checkpoint":{"id":"x"}}'))).rejects.toEqual(invalid(3));
    for (const damage of ['{"row":', '[]', '{"row":{"seq":"1"}}', '{"other":{}}']) {
      const exported = await readAuditExport(lines.with(9, damage));
      await expect(verifyChain(exported.rows, [], trust)).rejects.toEqual(invalid(10));
    }
  });
});

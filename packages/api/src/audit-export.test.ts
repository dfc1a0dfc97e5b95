import { readAuditExport, verifyChain } from '@counterpoint/audit';
import { createMemoryStore } from '@counterpoint/testing';
import { expect, it } from 'vitest';
import { startSurface } from './testing/surface.ts';

it('gives the whole audit log as lines that can be verified elsewhere, to who may read it', async () => {
  const surface = await startSurface(createMemoryStore());
  const entry = { at: 1, principal: 'system', object: 'system', data: { text: 'Ä\u2028 "x"' }, trace: 'a'.repeat(32) };
  for (let n = 0; n < 30; n += 1) await surface.store.commit({ audit: [{ ...entry, action: `test.${n}` }] });
  const get = (token: string) =>
    surface.send({ path: '/api/v1/audit/export', headers: { authorization: `Bearer ${token}` } });
  const { status, headers, text } = await get(surface.owner);
  expect(status).toBe(200);
  expect(headers['content-disposition']).toMatch(/^attachment; filename="counterpoint-audit-\d{4}-\d\d-\d\d\.jsonl"$/);
  const { rows, installation } = await readAuditExport(text.split('\n'));
  const report = await verifyChain(rows, [], { installation, publicKeys: [] });
  expect([report.rows, report.total]).toEqual([await surface.store.count('audit'), 0]);
  expect((await get(await surface.tokenWith(['case:read']))).status).toBe(403);
  expect((await get('none')).status).toBe(401);
  await surface.close();
});

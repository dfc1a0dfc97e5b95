import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { becomeOwner } from './support/owner.ts';
import { counterpoint, type ServerProcess, startServerProcess, temporaryFolder } from './support/server-process.ts';

const folder = temporaryFolder();
let server: ServerProcess;
let env: Readonly<Record<string, string>>;
beforeAll(async () => {
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  const { token } = await becomeOwner(server);
  env = { COUNTERPOINT_URL: server.url, COUNTERPOINT_TOKEN: token };
});
afterAll(async () => {
  await server.kill('SIGKILL');
  folder.remove();
});

const run = (...args: readonly string[]) => counterpoint(['audit', ...args], { folder: folder.path, env });

it('takes the audit log out into a file or a pipe, and tells a changed one from a whole one', {
  timeout: 90_000,
}, async () => {
  const exported = await run('export', 'audit.jsonl');
  expect([exported.code, exported.stdout], exported.stderr).toEqual([0, '']);
  expect(exported.stderr).toMatch(/✔ \d+ entries, each as it was written/);
  const file = join(folder.path, 'audit.jsonl');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('"action":"user.created"');
  expect((await run('export')).stdout).toContain('"action":"user.created"');
  expect((await run('verify', 'audit.jsonl')).code).toBe(0);
  expect((await run('verify')).code).toBe(0);
  writeFileSync(file, text.replace('user.created', 'user.removed'));
  const changed = await run('verify', 'audit.jsonl');
  expect([changed.code, changed.stdout]).toEqual([1, expect.stringMatching(/broken[\s\S]*edited/)]);
  const over = await run('export', 'audit.jsonl');
  expect([over.code, over.stderr]).toEqual([2, expect.stringContaining('cli.file_unwritable')]);
  expect(readFileSync(file, 'utf8')).toContain('user.removed');
  const nowhere = await run('export', 'no/such/folder.jsonl');
  expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('cli.file_unwritable')]);
});

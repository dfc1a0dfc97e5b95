import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const cyclic = join(root, 'packages/fabric/src/graph/cyclic');
const folder = mkdtempSync(join(tmpdir(), 'fabric-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function check(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, NO_COLOR: '1' };
  const main = join(root, 'apps/cli/src/main.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'fabric', 'check', ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

describe('counterpoint fabric check', () => {
  it('finds nothing to warn of in the shipped content', async () => {
    const { code, stdout } = await check(join(root, 'content'), '--strict', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ errors: 0, warnings: 0 });
    expect(code).toBe(0);
  });

  it('shows a circle with its way round and its place, and fails', async () => {
    const { code, stdout } = await check(cyclic);
    expect(code).toBe(1);
    expect(stdout).toContain('answer.yaml:6:21 error fabric.cycle');
    expect(stdout).toContain('lab.echoed.v1 -> reaction answer -> lab.answered.v1 -> reaction echo -> lab.echoed.v1');
    expect(stdout).toContain('^^^^^^^^^^^^^');
  });

  it('tells a topic that changed and kept its version, with the next one', async () => {
    const [before, after] = ['before', 'after'].map((name) => join(folder, name)) as [string, string];
    for (const copy of [before, after]) cpSync(join(root, 'content'), copy, { recursive: true });
    const file = join(after, 'topics/verdict.revised.v1.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"required": ["revises", "verdict", "reason"]', '"required": ["revises"]'),
    );
    const { code, stdout } = await check(after, '--against', before);
    expect(code).toBe(1);
    expect(stdout).toContain('fabric.topic_broken');
    expect(stdout).toContain('did you mean: verdict.revised.v2');
  });

  it('tells when there is nothing to check', async () => {
    const { code, stderr } = await check(join(root, 'docs/how-to'));
    expect(code).not.toBe(0);
    expect(stderr).toContain('playbook, reaction or participant');
  });
});

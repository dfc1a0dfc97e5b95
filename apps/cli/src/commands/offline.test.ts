import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const main = join(import.meta.dirname, '../main.ts');
const shipped = join(import.meta.dirname, '../../../../content/playbooks');
let folder = '';
let temporary = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'offline-verbs-'));
  temporary = mkdtempSync(join(tmpdir(), 'offline-stores-'));
  const filter = (file: string) => file === shipped || basename(file).startsWith('brute_force');
  cpSync(shipped, join(folder, 'playbooks'), { recursive: true, filter });
});
afterAll(() => {
  for (const each of [folder, temporary]) rmSync(each, { recursive: true, force: true });
});

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function counterpoint(...args: string[]): Promise<Answer> {
  const env = { ...process.env, NO_COLOR: '1', TMPDIR: temporary };
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

/** Changes a file of the folder for one test. */
async function changed(file: string, from: string, to: string, work: () => Promise<void>): Promise<void> {
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(from);
  writeFileSync(path, before.replace(from, to));
  try {
    await work();
  } finally {
    writeFileSync(path, before);
  }
}

describe('counterpoint validate', () => {
  it('says that sound files are sound, and exits 0', async () => {
    const { code, stdout } = await counterpoint('validate', 'playbooks');
    expect([code, stdout]).toEqual([0, '✔ 2 files: 0 errors, 0 warnings\n']);
  });

  it('shows each finding with its line and what to write instead, and exits 1', async () => {
    await changed('playbooks/brute_force.yaml', 'host.ban_ip', 'host.ban_ipp', async () => {
      const { code, stdout } = await counterpoint('validate', 'playbooks/brute_force.yaml');
      expect(code).toBe(1);
      expect(stdout).toMatch(/^playbooks\/brute_force\.yaml:\d+:\d+ error playbook\.unknown_action /);
      expect(stdout).toMatch(/\n {2}\d+ │ +action: host\.ban_ipp\n +│ +\^{12}\n {2}did you mean: host\.ban_ip\n/);
      expect(stdout).toContain('✘ 1 file: 1 error, 0 warnings');
    });
  });

  it('takes warnings for errors only when told to, and prints JSON', async () => {
    await changed('playbooks/brute_force.yaml', '  chat: slack\n', '  chat: slack\n  spare: slack\n', async () => {
      const args = ['validate', 'playbooks/brute_force.yaml', '--json'];
      const [plain, strict] = await Promise.all([counterpoint(...args), counterpoint(...args, '--strict')]);
      expect([plain.code, strict.code]).toEqual([0, 1]);
      expect(JSON.parse(plain.stdout)).toMatchObject({
        errors: 0,
        warnings: 1,
        files: [{ kind: 'playbook', findings: [{ code: 'playbook.unused_use', severity: 'warning', column: 3 }] }],
      });
    });
  });

  it('exits 2 when there is nothing to check', async () => {
    const [none, missing] = await Promise.all([
      counterpoint('validate', temporary),
      counterpoint('validate', 'nowhere'),
    ]);
    expect([none.code, missing.code]).toEqual([2, 2]);
    expect(none.stderr).toContain('cli.nothing_found');
    expect(missing.stderr).toContain('cli.file_unreadable');
  });
});

describe('counterpoint', () => {
  it('stops quietly when its reader has seen enough', async () => {
    const faulty = join(import.meta.dirname, '../../../../packages/playbook/src/faulty');
    const piped = `'${process.execPath}' '${main}' validate '${faulty}' | head -n 1`;
    const answer = await new Promise<Answer>((resolve) => {
      execFile('sh', ['-c', piped], { cwd: folder }, (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      });
    });
    expect(answer.stderr).toBe('');
    expect(answer.stdout.split('\n')).toHaveLength(2);
  });
});

describe('counterpoint test', () => {
  it('runs the tests beside playbooks, leaves nothing behind, and exits 0', async () => {
    const { code, stdout } = await counterpoint('test', 'playbooks');
    expect(stdout).toMatch(/├─ ✔ blocks at both places for a day when the feeds agree that it is bad {2}\d+ ms\n/);
    expect(stdout).toMatch(/✔ \d+ passed, 0 failed/);
    expect(code).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('shows what is not as expected and what took place, and exits 1', async () => {
    await changed('playbooks/brute_force.yaml', '>= inputs.block_at', '> inputs.block_at + 20', async () => {
      const { code, stdout } = await counterpoint('test', 'playbooks/brute_force.yaml');
      expect(code).toBe(1);
      expect(stdout).toContain('✘ blocks at both places for a day');
      expect(stdout).toMatch(/outputs\.level {2}line \d+\n.*expected "high"\n.* was "doubt"\n/);
      expect(stdout).toMatch(/✔ question {2}case\.open \{"title":/);
    });
  });

  it('prints JSON', async () => {
    await changed('playbooks/brute_force.test.yaml', 'mean: 90 }', 'mean: 91 }', async () => {
      const { code, stdout } = await counterpoint('test', 'playbooks', '--json');
      expect(code).toBe(1);
      const report = JSON.parse(stdout);
      expect(report).toMatchObject({ failed: 1, errors: 0 });
      expect(report.files[0].tests[0]).toMatchObject({
        passed: false,
        status: 'succeeded',
        differences: [{ about: 'outputs.mean', expected: '91', actual: '90' }],
      });
    });
  });

  it('runs nothing when the test file or the playbook has errors', async () => {
    await changed('playbooks/brute_force.test.yaml', 'abuseipdb.lookup_ip', 'abuseipdb.lookup_up', async () => {
      const { code, stdout } = await counterpoint('test', 'playbooks');
      expect(code).toBe(1);
      expect(stdout).toContain('playbook_test.unknown_action');
      expect(stdout).toContain('did you mean: abuseipdb.lookup_ip');
      expect(stdout).toContain('✘ 0 passed, 0 failed, 1 error in the files');
    });
  });
});

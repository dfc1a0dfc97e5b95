import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../apps/cli/src/program.ts';
import { deliver } from './support/owner.ts';
import {
  counterpoint,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
  until,
} from './support/server-process.ts';

const STORY = readFileSync(join(import.meta.dirname, '../content/stories/brute_force.json'), 'utf8');
const ATTACKER = '203.0.113.66';

const folder = temporaryFolder();
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess({ folder: folder.path });
});
afterAll(async () => {
  await server.kill('SIGTERM');
  folder.remove();
});

const cli = (...args: string[]) => counterpoint([...args, '--url', server.url], { folder: folder.path });

async function json<Shape = never>(...args: string[]): Promise<Shape> {
  const { code, stdout, stderr } = await cli('--json', ...args);
  expect({ code, stderr }, args.join(' ')).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

interface Effect {
  readonly id: string;
  readonly action: string;
  readonly connection: string;
  readonly state: string;
}

// One story, told in order: each step stands on the one before.
describe.sequential('a newcomer', () => {
  it('is told how to sign in before having done so', async () => {
    const { code, stdout, stderr } = await cli('--json', 'status');
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'cli.not_signed_in',
      help: expect.stringContaining('setup'),
    });
  });

  it('is refused with a wrong code and becomes the owner with the right one, once', async () => {
    const wrong = await cli('--json', 'setup', 'AAAAA-AAAAA-AAAAA-AAAAA', '--name', 'eve');
    expect(wrong.code).toBe(1);
    expect(JSON.parse(wrong.stderr).error.code).toBe('identity.setup_code_wrong');
    const made = await json<{ user: { name: string } }>('setup', server.setupCode ?? '', '--name', 'ada');
    expect(made.user.name).toBe('ada');
    const again = await cli('--json', 'setup', server.setupCode ?? '', '--name', 'eve');
    expect(again.code).toBe(1);
    expect(JSON.parse(again.stderr).error.code).toBe('identity.setup_done');
    const credentials = readFileSync(join(folder.path, 'config/counterpoint/credentials.json'), 'utf8');
    expect(made).not.toHaveProperty('token');
    expect(Object.keys(JSON.parse(credentials))).toEqual([server.url]);
  });

  it('sends the alert of the story and sees the run succeed', async () => {
    const answer = await deliver(server, 'wazuh', server.sources.wazuh ?? '', STORY);
    expect(answer.status).toBe(202);
    const run = await until('the run ends', async () => {
      const { items } = await json<{ items: { id: string; status: string }[] }>('runs', '--playbook', 'brute_force');
      return items.find(({ status }) => status === 'succeeded');
    });
    const shown = await json<{ journal: unknown[]; effects: Effect[] }>('runs', run.id);
    expect(shown.journal.length).toBeGreaterThan(5);
    expect(shown.effects.map(({ action }) => action)).toContain('ban_ip');
  });

  it('reads in the trace why the address was blocked', async () => {
    const { roots } = await json<{ roots: { kind: string; children: unknown[] }[] }>('trace', ATTACKER);
    const text = JSON.stringify(roots);
    expect(roots).toHaveLength(1);
    for (const kind of ['raw', 'alert', 'run', 'effect', 'case']) expect(text).toContain(`"kind":"${kind}"`);
    const tree = await cli('trace', ATTACKER);
    expect(tree.code).toBe(0);
    for (const word of ['brute_force', 'ban_ip', 'performed', 'simulated']) expect(tree.stdout).toContain(word);
  });

  it('sees both blocks in force, undoes one with a reason, and the other stays', async () => {
    const before = await json<{ items: Effect[] }>('effects');
    const bans = before.items.filter(({ action }) => action === 'ban_ip');
    expect(bans.map(({ connection }) => connection).sort()).toEqual(['lab_fortigate', 'lab_nftables']);
    const fortigate = bans.find(({ connection }) => connection === 'lab_fortigate');
    const missing = await cli('--json', 'effects', 'undo', fortigate?.id ?? '');
    expect(missing.code).toBe(2);
    const result = await json<{ undone: string[] }>('effects', 'undo', fortigate?.id ?? '', '--reason', 'mistake');
    expect(result.undone).toEqual([fortigate?.id]);
    const after = await json<{ items: Effect[] }>('effects');
    expect(after.items.filter(({ action }) => action === 'ban_ip').map(({ connection }) => connection)).toEqual([
      'lab_nftables',
    ]);
  });

  it('finds the account of every source, and that nothing is unaccounted for', async () => {
    const again = await deliver(server, 'wazuh', server.sources.wazuh ?? '', STORY);
    expect(await again.json()).toMatchObject({ status: 'duplicate' });
    const sources = await json<{ id: string; counts: Record<string, number> }[]>('ingest');
    expect(sources.find(({ id }) => id === 'wazuh')?.counts).toMatchObject({
      created: 1,
      merged: 0,
      duplicate: 1,
      refused: 0,
    });
  });

  it('finds the figures of the story in the status', async () => {
    const status = await json<{ lab: boolean; counts: Record<string, number>; switches: string[] }>('status');
    expect(status).toMatchObject({
      lab: true,
      switches: [],
      counts: { open_cases: 1, failed_runs: 0, dead_events: 0 },
    });
    expect(status.counts.unfinished_runs).toBe(0);
  });

  it('tests a connection, and is told which one does not exist', async () => {
    expect(await json<{ ok: boolean }>('connectors', 'test', 'lab_fortigate')).toMatchObject({ ok: true, error: null });
    const listed = await json<{ connectors: { id: string }[]; connections: { id: string }[] }>('connectors');
    expect(listed.connections.length).toBeGreaterThanOrEqual(6);
    const unknown = await cli('--json', 'connectors', 'test', 'nothing');
    expect(unknown.code).toBe(1);
    expect(JSON.parse(unknown.stderr).error.code).toBe('api.not_found');
  });
});

describe('the command', () => {
  it('explains every verb with an example, and the exit codes', async () => {
    const { code, stdout } = await counterpoint(['--help'], { folder: folder.path });
    expect(code).toBe(0);
    expect(stdout).toMatch(/Exit codes: 0 .*, 1 .*, 2 .*, 3 /);
    const verbs = createProgram().commands;
    expect(verbs.length).toBeGreaterThanOrEqual(12);
    for (const verb of verbs) {
      expect(stdout).toContain(`  ${verb.name()}`);
      let help = '';
      const writeOut = (text: string) => {
        help += text;
      };
      verb.configureOutput({ writeOut }).outputHelp();
      expect(help, verb.name()).toMatch(/Examples?:/);
    }
  });

  it('ends with 2 when the command line is wrong', async () => {
    const wrong = [
      ['nonsense'],
      ['runs', '--nonsense'],
      ['trace'],
      ['connectors', 'test'],
      ['run', 'x', '-i', 'novalue'],
      ['ingest', 'try', '/no/such/file'],
      ['runs', '--limit', 'many'],
    ];
    const ended = await Promise.all(wrong.map((args) => cli(...args)));
    for (const [index, { code }] of ended.entries()) expect(code, wrong[index]?.join(' ')).toBe(2);
  });

  it('ends with 3 when no server answers, and 1 when one refuses', async () => {
    const closed = 'http://127.0.0.1:1';
    const nobody = await counterpoint(['--json', 'setup', 'x', '--url', closed], { folder: folder.path });
    expect(nobody.code).toBe(3);
    expect(JSON.parse(nobody.stderr).error.code).toBe('sdk.unreachable');
    const env = { COUNTERPOINT_TOKEN: 'cpt_wrong' };
    const refused = await counterpoint(['--json', 'status', '--url', server.url], { folder: folder.path, env });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.stderr).error.code).toBe('identity.token_invalid');
  });

  it('shows how a file would be read, and ends with 1 when it cannot be', async () => {
    const read = await counterpoint(['--json', 'ingest', 'try', '-'], { folder: folder.path, input: STORY });
    expect(read.code).toBe(0);
    expect(JSON.parse(read.stdout)).toMatchObject({ normalizer: 'wazuh', total: 1 });
    const siem = '{"src_ip":"203.0.113.66","timestamp":"2026-11-22T04:05:06Z","event_type":"login_failed"}';
    const any = await counterpoint(['--json', 'ingest', 'try', '-'], { folder: folder.path, input: siem });
    expect(JSON.parse(any.stdout)).toMatchObject({ normalizer: 'generic_json', counts: { finding: 1 } });
    const broken = await counterpoint(['--json', 'ingest', 'try', '-'], { folder: folder.path, input: '{"a":' });
    expect(broken.code).toBe(1);
    expect(JSON.parse(broken.stdout).problem).toMatchObject({ line: 1 });
  });

  it('explains the configuration and lists the stories as JSON', async () => {
    const explained = await counterpoint(['--json', 'config', 'explain', '--set', 'server.port=81'], {
      folder: folder.path,
    });
    expect(JSON.parse(explained.stdout)).toContainEqual(expect.objectContaining({ name: 'server.port', value: 81 }));
    const stories = await counterpoint(['--json', 'demo', '--list'], { folder: folder.path });
    expect(JSON.parse(stories.stdout).map(({ id }: { id: string }) => id)).toContain('brute-force');
    const unknown = await counterpoint(['--json', 'demo', 'brute-forse'], { folder: folder.path });
    expect(unknown.code).toBe(1);
    expect(JSON.parse(unknown.stderr).error.message).toContain('brute-force');
  });

  it('has a doctor that sees the running server', async () => {
    const { port } = new URL(server.url);
    const args = ['--json', 'doctor', '--data-dir', 'data', '--set', `server.port=${port}`];
    const { code, stdout } = await counterpoint(args, { folder: folder.path });
    const checks: { name: string; ok: boolean }[] = JSON.parse(stdout);
    expect(checks.find(({ name }) => name === 'server')?.ok).toBe(true);
    expect(code).toBe(checks.every(({ ok }) => ok) ? 0 : 1);
  });
});

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/owner.ts';
import { counterpoint, type ServerProcess, startServerProcess, temporaryFolder } from './support/server-process.ts';

const EXAMPLE = join(import.meta.dirname, '../examples/opendxl');
const folder = temporaryFolder();
let server: ServerProcess;
let client: Client;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  const free = ['dxl.port=0', 'dxl.ws_port=0', 'dxl.provision_port=0', 'dxl.enabled=true', 'lab.enabled=false'];
  server = await startServerProcess(
    { folder: folder.path },
    free.flatMap((setting) => ['--set', setting]),
  );
  const owner = await becomeOwner(server);
  client = owner.client;
  env = { COUNTERPOINT_URL: server.url, COUNTERPOINT_TOKEN: owner.token };
});
afterAll(async () => {
  await server.kill('SIGKILL');
  folder.remove();
});

const place = () => ({ folder: folder.path, env });
const run = promisify(execFile);

/** Runs a command as the README writes it. */
async function readmeCommand(command: string): Promise<string> {
  const [program, ...words] = command.split(' ');
  if (program === 'node') {
    const [script = '', ...args] = words;
    const file = join(import.meta.dirname, '..', script);
    return (await run(process.execPath, [file, ...args], { cwd: folder.path, timeout: 30_000 })).stdout;
  }
  const done = await counterpoint(words.slice(words.indexOf('--') + 1), place());
  expect(done.stderr).toBe('');
  return done.stdout;
}

describe('OpenDXL on a running server', () => {
  it('lets the example dance, as its README says', async () => {
    const readme = readFileSync(join(EXAMPLE, 'README.md'), 'utf8');
    const blocks = [...readme.matchAll(/```sh\n([^`]*)```/g)].map(([, text = '']) => text.trim().split('\n'));
    const commands = blocks.flat().filter((line) => !/ start | setup /.test(line));
    expect(commands).toHaveLength(4);
    const outputs: string[] = [];
    for (const command of commands) outputs.push(await readmeCommand(command));
    const printed = /```text\n([^`]*)```/.exec(readme)?.[1]?.trim().split('\n') ?? [];
    const seen = (outputs.at(-1) ?? '').split('\n');
    expect(printed).toHaveLength(6);
    expect(seen).toEqual(expect.arrayContaining(printed));
  });

  it('shows who was let in, and shuts out whose certificate is revoked', async () => {
    const { items } = await client.listDxlCertificates({ query: { limit: 10 } });
    expect(items.map(({ participant }) => participant).toSorted()).toEqual(['firewall_1', 'proxy_1', 'sandbox_1']);
    const facts = await client.getDxl();
    expect(facts).toMatchObject({ enabled: true, hosts: ['localhost', '127.0.0.1'] });
    const proxy = items.find(({ participant }) => participant === 'proxy_1');
    const revoked = await counterpoint(['dxl', 'revoke', proxy?.thumbprint ?? ''], place());
    expect([revoked.code, revoked.stdout]).toEqual([0, expect.stringContaining('proxy_1 is revoked')]);
    const again = await run(process.execPath, [join(EXAMPLE, 'verdict.mjs'), 'opendxl-clients'], {
      cwd: folder.path,
      timeout: 30_000,
    }).catch((error: { stdout: string }) => error.stdout);
    expect(again).toContain('proxy    cannot connect: Connection refused: Not authorized');
    const listed = await counterpoint(['dxl', 'certificates', '--participant', 'proxy_1'], place());
    expect(listed.stdout).toContain('revoked');
  });

  it('answers that the gateway is off, where it is', async () => {
    const off = temporaryFolder();
    const other = await startServerProcess({ folder: off.path }, ['--set', 'lab.enabled=false']);
    try {
      const { client: owner } = await becomeOwner(other);
      expect(await owner.getDxl()).toMatchObject({ enabled: false, port: 0 });
      await expect(owner.issueDxlCertificate({ body: { csr: 'x' } })).rejects.toMatchObject({
        code: 'server.dxl_disabled',
      });
    } finally {
      await other.kill('SIGKILL');
      off.remove();
    }
  });
});

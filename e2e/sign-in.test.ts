import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  counterpoint,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
  until,
} from './support/server-process.ts';

const PASSWORD = 'a quiet counterpoint of bells';

const folder = temporaryFolder();
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ folder: folder.path });
}, 60_000);
afterAll(async () => {
  await server.kill('SIGKILL');
  folder.remove();
});

const cli = (input: string, ...args: string[]) =>
  counterpoint(['--json', ...args, '--url', server.url], { folder: folder.path, input });

function signIn(password: string): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ name: 'ada', password });
  return fetch(`${server.url}/api/v1/session`, { method: 'POST', headers, body });
}

// One story, told in order: each step stands on the one before.
describe.sequential('an owner who was made on the command line', { timeout: 60_000 }, () => {
  it('sets a password with the token that was kept, and signs in with it', async () => {
    await cli('', 'setup', server.setupCode ?? '', '--name', 'ada');
    expect((await signIn(PASSWORD)).status).toBe(401);
    const weak = await cli('password1234\n', 'password');
    expect(JSON.parse(weak.stderr).error.code).toBe('identity.password_weak');
    const set = await cli(`${PASSWORD}\n`, 'password');
    expect({ code: set.code, told: JSON.parse(set.stdout) }).toEqual({ code: 0, told: { name: 'ada' } });
    const answer = await signIn(PASSWORD);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-counterpoint-[0-9a-f]{8}=[\w-]{43}; .*HttpOnly; Secure/);
  });

  it('stays signed in when the server starts again, with the same limits', async () => {
    const cookie = (await signIn(PASSWORD)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const port = new URL(server.url).port;
    await server.kill('SIGKILL');
    server = await startServerProcess({ folder: folder.path }, ['--port', port]);
    const { session } = (await (await fetch(`${server.url}/api/v1/session`, { headers: { cookie } })).json()) as {
      session: { user: { name: string } } | null;
    };
    expect(session?.user.name).toBe('ada');
  });

  it('plays a story over the API, again and again, and follows it to its end', async () => {
    const { token } = JSON.parse(await tokenOf());
    const client = createClient({ url: server.url, token });
    const { lab, items } = await client.listStories();
    expect([lab, items.length > 3]).toEqual([true, true]);
    for (let time = 0; time < 2; time++) {
      const played = await client.playStory({ id: 'brute-force', body: {} });
      await until(
        'the story is over',
        async () => (await client.followStory({ id: 'brute-force', trace: played.trace })).over,
      );
      const { steps } = await client.followStory({ id: 'brute-force', trace: played.trace });
      expect(steps.map(({ ref }) => ref?.split(':')[0])).toEqual([
        'alert',
        'run',
        'case',
        'effect',
        'effect',
        'effect',
        'run',
      ]);
    }
    const { items: audit } = await client.listAudit();
    expect(audit.filter(({ action }) => action === 'story.played')).toHaveLength(2);
    await expect(client.playStory({ id: 'none', body: {} })).rejects.toMatchObject({ code: 'api.not_found' });
    await expect(client.playStory({ id: 'fabric', body: { act: 'reversal' } })).rejects.toMatchObject({
      code: 'server.story_stopped',
    });
  });

  it('comes to the end of a story that goes another way, because the playbook was changed', async () => {
    const client = createClient({ url: server.url, token: JSON.parse(await tokenOf()).token });
    const shipped = readFileSync(join(import.meta.dirname, '../content/playbooks/brute_force.yaml'), 'utf8');
    const source = shipped.replace(/block_at: .*/, 'block_at: { type: integer, default: 101 }');
    await client.publishPlaybook({ body: { source } });
    const { trace } = await client.playStory({ id: 'brute-force', body: {} });
    const follow = () => client.followStory({ id: 'brute-force', trace });
    await until('the story is over', async () => (await follow()).over);
    const { steps } = await follow();
    expect(steps.filter(({ ref }) => ref === null).map(({ title }) => title)).toEqual([
      'FortiGate blocks the address',
      'So does nftables on the host',
    ]);
  });

  it('hands a token that a browser made to a command line that has none', async () => {
    const elsewhere = { folder: folder.path, env: { XDG_CONFIG_HOME: `${folder.path}/elsewhere` } };
    const run = (input: string, ...args: string[]) =>
      counterpoint(['--json', ...args, '--url', server.url], { ...elsewhere, input });
    const refused = JSON.parse((await run('', 'status')).stderr).error;
    expect([refused.code, refused.help]).toEqual(['cli.not_signed_in', expect.stringContaining('counterpoint login')]);
    const wrong = await run('cpt_wrong\n', 'login');
    expect(JSON.parse(wrong.stderr).error.code).toBe('identity.token_invalid');
    const { token } = JSON.parse(await tokenOf());
    const { code, stdout } = await run(`${token}\n`, 'login');
    expect([code, JSON.parse(stdout).name, stdout.includes(token)]).toEqual([0, 'ada', false]);
    expect((await run('', 'status')).code).toBe(0);
  });

  it('has no stories to play without the lab', async () => {
    const token = JSON.parse(await tokenOf()).token;
    const port = new URL(server.url).port;
    await server.kill('SIGKILL');
    server = await startServerProcess({ folder: folder.path }, ['--port', port, '--set', 'lab.enabled=false']);
    const client = createClient({ url: server.url, token });
    expect(await client.listStories()).toEqual({ lab: false, items: [] });
    await expect(client.playStory({ id: 'fabric', body: {} })).rejects.toMatchObject({ code: 'api.no_lab' });
  });
});

/** A token of the owner, made with a session. */
async function tokenOf(): Promise<string> {
  const signed = await signIn(PASSWORD);
  const { csrf, permissions } = (await signed.json()) as { csrf: string; permissions: string[] };
  const headers = {
    ...{ cookie: signed.headers.get('set-cookie')?.split(';')[0] ?? '', 'content-type': 'application/json' },
    ...{ 'x-csrf-token': csrf, origin: server.url },
  };
  const body = JSON.stringify({ title: 'a test', permissions });
  return (await fetch(`${server.url}/api/v1/tokens`, { method: 'POST', headers, body })).text();
}

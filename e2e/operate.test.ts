import type { FortigateSimulator } from '@counterpoint/connectors/simulators';
import type { Client } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectFirewall, sentTo, startFirewall } from './support/firewall.ts';
import { becomeOwner } from './support/owner.ts';
import {
  counterpoint,
  type ServerProcess,
  startServerProcess,
  temporaryFolder,
  until,
} from './support/server-process.ts';

const folder = temporaryFolder();
let firewall: FortigateSimulator;
let server: ServerProcess;
let client: Client;
let token = '';

const blocking = (tail = '') => `kind: playbook/v1
id: block
title: Block an address
uses: { fw: fortigate }
on: [{ manual: {} }]
inputs: { ip: { type: string, format: ipv4 } }
steps:
  - id: ban
    action: fw.ban_ip
    with: { ip: "\${{ inputs.ip }}" }
    lease: { for: 1h }
  - { id: done, set: { ip: "\${{ inputs.ip }}" } }
${tail}outputs: { ended: "\${{ outcome.ban.status }}" }
`;
const waiting = (tail = '') => `kind: playbook/v1
id: patient
title: Wait
on: [{ manual: {} }]
steps:
  - { id: pause_here, wait: { for: 1h } }
${tail}`;

beforeAll(async () => {
  firewall = await startFirewall();
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  ({ client, token } = await becomeOwner(server));
  await connectFirewall(client, firewall);
  await client.publishPlaybook({ body: { source: blocking() } });
});
afterAll(async () => {
  await server.kill('SIGKILL');
  await firewall.server.close();
  folder.remove();
});

/** A verb of `counterpoint runs`; gives what it printed as JSON. */
async function runs(...args: string[]) {
  const env = { COUNTERPOINT_URL: server.url, COUNTERPOINT_TOKEN: token };
  const { code, stdout, stderr } = await counterpoint(['runs', ...args, '--json'], { folder: folder.path, env });
  if (code !== 0) throw new Error(`counterpoint runs ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** A run whose call to the firewall hangs. */
async function stuck(ip: string): Promise<string> {
  // The look at what is banned already is answered; the ban itself is not.
  firewall.server.inject({ body: { status: 'success', results: [] } });
  firewall.server.inject('hang');
  const { id } = await client.startRun({ id: 'block', body: { inputs: { ip }, wait: false } });
  await until('the step is under way', async () => {
    const { journal } = await client.getRun({ id });
    return journal.find(({ kind }) => kind === 'step_started');
  });
  return id;
}

const ended = (id: string, status: string) =>
  until(`the run is ${status}`, async () => {
    const run = await client.getRun({ id });
    return run.status === status ? run : undefined;
  });

describe.sequential('a run that is stuck, on the command line', () => {
  it('is paused, retried with other arguments, and resumed', async () => {
    const id = await stuck('203.0.113.10');
    expect(await runs('pause', id, '--reason', 'the firewall hangs')).toMatchObject({ paused: true, decided: true });
    await expect(runs('retry', id, '--step', 'ban', '--reason', 'again')).rejects.toThrow(/--even-if-unknown/);
    const retry = [
      'retry',
      id,
      '--step',
      'ban',
      '-i',
      'ip=203.0.113.11',
      '--even-if-unknown',
      '--reason',
      'the other one',
    ];
    await runs(...retry, '--request', 'once');
    await runs(...retry, '--request', 'once');
    expect(sentTo(firewall, 'add').get('203.0.113.11')).toBeUndefined();
    await runs('resume', id, '--reason', 'checked');
    const run = await ended(id, 'succeeded');
    expect(sentTo(firewall, 'add').get('203.0.113.11')).toBe(1);
    expect(run.journal.filter(({ kind }) => kind === 'step_retried')).toHaveLength(1);
  });

  it('is let go on without the step, or cancelled', async () => {
    const one = await stuck('203.0.113.20');
    await runs('skip', one, '--step', 'ban', '--reason', 'done by hand');
    expect((await ended(one, 'succeeded')).outputs).toEqual({ ended: 'skipped' });
    const two = await stuck('203.0.113.21');
    await runs('cancel', two, '--reason', 'no longer needed', '--request', 'one');
    await runs('cancel', two, '--reason', 'no longer needed', '--request', 'one');
    await ended(two, 'cancelled');
    const again = await runs('retry', two, '--from', 'ban', '-i', 'ip=203.0.113.22', '--reason', 'needed after all');
    await ended(again.run, 'succeeded');
    const other = await runs('rerun', again.run, '--reason', 'once more', '--playbook-version', '1');
    // It waits behind the call that was cancelled and still hangs on the same address, and so is not waited for here.
    expect(other).toMatchObject({ existing: false });
  });

  it('follows a newer version from where it waits', async () => {
    await client.publishPlaybook({ body: { source: waiting() } });
    const { id } = await client.startRun({ id: 'patient', body: { wait: false } });
    await ended(id, 'waiting');
    const tail = `  - { id: told, set: { it: "was added" } }\noutputs: { it: "\${{ steps.told.it }}" }\n`;
    await client.publishPlaybook({ body: { source: waiting(tail) } });
    expect(await runs('migrate', '--playbook', 'patient', '--reason', 'new version')).toMatchObject({
      runs: [{ run: id, migrated: true }],
    });
    await runs('skip', id, '--step', 'pause_here', '--reason', 'enough');
    expect((await ended(id, 'succeeded')).outputs).toEqual({ it: 'was added' });
  });

  it('leaves nobody waiting, and everything in the audit log', async () => {
    // The calls that hung when their runs were let go on: the firewall never said what became of them.
    expect((await client.status()).counts).toMatchObject({
      waiting_for_people: 0,
      unknown_outcomes: expect.any(Number),
    });
    const { items } = await client.listAudit({ query: { limit: 200 } });
    const actions = new Set(items.map(({ action }) => action));
    for (const action of [
      'run.paused',
      'run.resumed',
      'run.step_retried',
      'run.step_skipped',
      'run.cancelled',
      'run.retried',
      'run.rerun',
      'run.migrated',
    ]) {
      expect(actions).toContain(action);
    }
    expect(items.find(({ action }) => action === 'run.cancelled')?.data).toMatchObject({
      reason: 'no longer needed',
      request: 'one',
    });
  });
});

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fencesOf } from '../tools/docs/pages.ts';
import { becomeOwner } from './support/owner.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from './support/server-process.ts';

const PAGE = 'docs/how-to/join-with-curl.md';
const text = readFileSync(join(import.meta.dirname, '..', PAGE), 'utf8');
const blocks = fencesOf({ path: PAGE, text }).filter(({ mark }) => mark === 'run');

const folder = temporaryFolder();
let server: ServerProcess;
let owner: string;
beforeAll(async () => {
  server = await startServerProcess({ folder: folder.path }, ['--set', 'lab.enabled=false']);
  owner = (await becomeOwner(server)).token;
});
afterAll(async () => {
  await server?.kill('SIGTERM');
  folder.remove();
});

/** Runs the page from top to bottom, as somebody who pastes it, and gives what each block printed. */
async function paste(): Promise<readonly string[]> {
  const script = blocks.map((block) => `${block.text}\nprintf '\\n=====\\n'`).join('\n');
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: folder.path,
    env: { PATH: process.env.PATH, URL: server.url, TOKEN: owner },
  });
  let printed = '';
  let wrong = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    wrong += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code, wrong + printed).toBe(0);
  return printed.split('\n=====\n');
}

describe('the commands of the page about curl', () => {
  it('do what the page says when they are pasted', async () => {
    const printed = await paste();
    expect(blocks).toHaveLength(9);
    const [letIn, published, streamed, pulled, offered, , answered, contract, left] = printed;
    expect(letIn).toContain('"id":"my_sinkhole"');
    expect(published).toMatch(/"events":\[\{"status":202,"id":"[0-9a-f-]{36}"\}\]/);
    expect(streamed).toMatch(/^id: \d+\ndata: \{.*"type":"verdict.domain.v1".*"subject":"evil.example"/m);
    expect(pulled).toContain('"domain":"evil.example"');
    expect(pulled).toMatch(/"settled":\["[0-9a-f-]{36}"\],"unknown":\[\]/);
    expect(offered).toContain('"service":"my_sinkhole.block_domain"');
    expect(answered).toContain('"payload":{"domain":"evil.example"}');
    expect(answered).toContain('{"payload":{"blocked":true}}');
    expect(contract).toContain('"service":"my_sinkhole.get_domain"');
    expect(left).toContain('"participant":"my_sinkhole"');
  });
});

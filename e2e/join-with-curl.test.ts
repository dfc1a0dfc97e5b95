import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { becomeOwner } from './support/owner.ts';
import { blocksOf, pastePage } from './support/pasted-page.ts';
import { type ServerProcess, startServerProcess, temporaryFolder } from './support/server-process.ts';

const PAGE = 'docs/how-to/join-with-curl.md';

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

describe('the commands of the page about curl', () => {
  it('do what the page says when they are pasted', async () => {
    const env = { URL: server.url, TOKEN: owner };
    const printed = await pastePage(PAGE, { folder: folder.path, env });
    expect(blocksOf(PAGE)).toHaveLength(9);
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

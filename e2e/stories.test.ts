import { afterAll, describe, expect, it } from 'vitest';
import { counterpoint, temporaryFolder } from './support/server-process.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

interface Told {
  readonly story: string;
  readonly traces: readonly { readonly roots: readonly object[] }[];
  readonly expectations: readonly { readonly what: string; readonly holds: boolean }[];
}

async function play(story: string): Promise<Told> {
  const { code, stdout, stderr } = await counterpoint(['--json', 'demo', story], { folder: folder.path });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as Told;
}

describe('npm run demo', () => {
  it.each(['brute-force-doubt', 'hybrid'])(
    '%s comes out as it should',
    async (story) => {
      const { traces, expectations } = await play(story);
      expect(traces[0]?.roots).not.toEqual([]);
      expect(expectations.length).toBeGreaterThan(3);
      expect(expectations.filter(({ holds }) => !holds)).toEqual([]);
    },
    60_000,
  );

  it('fabric shows who did what in one trace, from the mail to every tool, and the new one in the next', async () => {
    const { traces, expectations } = await play('fabric');
    expect(expectations.filter(({ holds }) => !holds)).toEqual([]);
    const [first, second] = traces.map(({ roots }) => JSON.stringify(roots));
    expect(traces[0]?.roots).toHaveLength(1);
    for (const word of [
      'file.submitted.v1',
      'verdict.file.v1',
      'verdict.ip.v1',
      'fortigate.ban_ip',
      'nftables.ban_ip',
    ]) {
      expect(first).toContain(word);
    }
    for (const word of ['proxy.block_url', 'mail_gateway.quarantine_mail', 'endpoint.block_file', 'case.open']) {
      expect(first).toContain(word);
    }
    expect(first).not.toContain('dns_sinkhole.block_domain');
    expect(second).toContain('dns_sinkhole.block_domain');
  });
});

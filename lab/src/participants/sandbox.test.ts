import { createHash } from 'node:crypto';
import { type CuckooSimulator, labSample, type SampleBehaviour, simulators } from '@counterpoint/connectors/simulators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Announcement, Fabric } from './fabric.ts';
import { createSandbox } from './sandbox.ts';

const BAD: SampleBehaviour = {
  score: 9.4,
  hosts: ['203.0.113.66', '203.0.113.66'],
  domains: [{ domain: 'c2.evil.example', ip: '203.0.113.66' }],
  urls: ['http://c2.evil.example/gate.php'],
  drops: [],
};

let cuckoo: CuckooSimulator;
beforeEach(async () => {
  cuckoo = await simulators.cuckoo();
});
afterEach(() => cuckoo.server.close());

/** Has a file examined that a mail gateway gives out as `given`; what was announced of it. */
async function examined(bytes: Buffer, given = bytes): Promise<readonly Announcement[]> {
  const announced: Announcement[] = [];
  const fabric: Fabric = {
    publish: async (announcement) => `event-${announced.push(announcement)}`,
    invoke: async () => ({ name: 'invoice.exe', content_base64: given.toString('base64') }),
  };
  const sandbox = createSandbox({ baseUrl: cuckoo.server.url, token: cuckoo.secrets.api_token ?? '' });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const event = { id: 'submitted', type: 'file.submitted.v1', data: { sha256, fetch: 'mail_gateway.get_attachment' } };
  await sandbox.examine(event, fabric);
  return announced;
}

describe('the sandbox', () => {
  it('announces what a file is, and each thing that it spoke with as what followed from that', async () => {
    const announced = await examined(labSample(BAD));
    expect(announced.map(({ topic, subject, cause }) => [topic, subject, cause]).slice(1)).toEqual([
      ['verdict.ip.v1', '203.0.113.66', 'event-1'],
      ['verdict.domain.v1', 'c2.evil.example', 'event-1'],
      ['verdict.url.v1', 'http://c2.evil.example/gate.php', 'event-1'],
    ]);
    expect(announced[0]).toMatchObject({ cause: 'submitted', data: { verdict: 'malicious', score: 94 } });
    expect(new Set(announced.map(({ id }) => id)).size).toBe(4);
  });

  it('says nothing of what a quiet file spoke with, and does not call it harmless', async () => {
    const announced = await examined(Buffer.from('hello'));
    expect(announced.map(({ data }) => data.verdict)).toEqual(['unknown']);
  });

  it('says nothing when it gets another file than was announced', async () => {
    await expect(examined(labSample(BAD), Buffer.from('hello'))).rejects.toThrow('another file');
    expect(cuckoo.tasks()).toEqual([]);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createMemoryStore } from '@counterpoint/testing';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { aBench, fixture } from '../testing/harness.ts';

const TOPIC = join(import.meta.dirname, '../../../../content/topics/alert.created.v1.json');

describe('alert.created.v1', () => {
  it.skipIf(!existsSync(TOPIC))('says what its topic declares', async () => {
    const { schema } = JSON.parse(readFileSync(TOPIC, 'utf8')) as { schema: object };
    const validate = new Ajv({ strict: false }).compile(schema);
    const bench = await aBench(createMemoryStore());
    await bench.send('suricata_eve', fixture('suricata-eve.jsonl'));
    await bench.send('wazuh', fixture('wazuh-brute-force.json'));
    await bench.ingest.idle();
    const events = await bench.store.find('outbox', {});
    expect(events).toHaveLength(6);
    for (const { envelope } of events) {
      validate((envelope as { data?: unknown }).data);
      expect(validate.errors ?? []).toEqual([]);
    }
  });
});

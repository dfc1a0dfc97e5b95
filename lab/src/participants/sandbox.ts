import { createHash } from 'node:crypto';
import type { JsonObject } from '@counterpoint/core';
import { type CuckooAddress, type CuckooReport, detonate } from './cuckoo-client.ts';
import type { Announcement, Fabric, HeardEvent } from './fabric.ts';
import { Refusal, type Tool } from './tool.ts';
import { sha256Of } from './values.ts';

/** A simulated sandbox: it hears of files, has them run, and announces what they are. */
export interface Sandbox extends Tool {
  /** Takes up a `file.submitted.v1`; resolves when its verdicts are announced. */
  examine(event: HeardEvent, fabric: Fabric): Promise<void>;
}

function verdictOf(score: number): 'malicious' | 'suspicious' | 'unknown' {
  return score >= 70 ? 'malicious' : score >= 40 ? 'suspicious' : 'unknown';
}

async function fetchFile(event: HeardEvent, fabric: Fabric): Promise<{ name: string; bytes: Buffer }> {
  const sha256 = sha256Of(event.data.sha256);
  const service = String(event.data.fetch);
  const file = (await fabric.invoke(service, { sha256 }, `fetch ${event.id}`)) as JsonObject;
  const bytes = Buffer.from(String(file.content_base64), 'base64');
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual !== sha256) throw new Refusal(`${service} gave another file than was announced`);
  return { name: String(file.name), bytes };
}

/** The events that tell of each thing that the file spoke with. */
function indicators({ network }: CuckooReport, about: JsonObject, cause: string): Announcement[] {
  const one = (kind: 'ip' | 'domain' | 'url', value: string): Announcement => ({
    topic: `verdict.${kind}.v1`,
    subject: value,
    data: { [kind]: value, ...about },
    id: `${kind} ${value} of ${cause}`.slice(0, 200),
    cause,
  });
  return [
    ...new Set(network.hosts).values().map((value) => one('ip', value)),
    ...new Set(network.domains.map(({ domain }) => domain)).values().map((value) => one('domain', value)),
    ...new Set(network.http.map(({ uri }) => uri)).values().map((value) => one('url', value)),
  ];
}

/** Makes a {@link Sandbox} that has its files run by a Cuckoo. */
export function createSandbox(cuckoo: CuckooAddress): Sandbox {
  return {
    id: 'sandbox',
    actions: {},
    async examine(event, fabric) {
      const { name, bytes } = await fetchFile(event, fabric);
      const report = await detonate(cuckoo, name, bytes);
      const score = Math.min(100, Math.round(report.info.score * 10));
      const verdict = verdictOf(score);
      const sha256 = sha256Of(event.data.sha256);
      const { hosts, domains, http } = report.network;
      const found = {
        ips: [...hosts],
        domains: domains.map(({ domain }) => domain),
        urls: http.map(({ uri }) => uri),
      };
      const cause = await fabric.publish({
        topic: 'verdict.file.v1',
        subject: sha256,
        data: { sha256, verdict, score, name, ...found },
        id: `verdict of ${event.id}`,
        cause: event.id,
      });
      if (verdict === 'unknown') return;
      const about = { verdict, confidence: score, file: sha256 };
      for (const announcement of indicators(report, about, cause)) await fabric.publish(announcement);
    },
  };
}

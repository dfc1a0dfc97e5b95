import { createHash } from 'node:crypto';

/** What a simulated sample does when it runs. */
export interface SampleBehaviour {
  /** Cuckoo's score; from 7 on it counts as malicious. It is not capped at 10. */
  readonly score: number;
  readonly hosts: readonly string[];
  readonly domains: readonly { readonly domain: string; readonly ip: string }[];
  readonly urls: readonly string[];
  /** Names of the files that it leaves behind. */
  readonly drops: readonly string[];
}

const MAGIC = 'COUNTERPOINT LAB SAMPLE, DOES NOTHING\n';
const QUIET: SampleBehaviour = { score: 0.4, hosts: [], domains: [], urls: [], drops: [] };

/**
 * The bytes of a harmless file that the simulated sandbox takes for one that behaves so. Different words make different
 * files.
 */
export function labSample(behaviour: SampleBehaviour, words = ''): Buffer {
  return Buffer.from(`${MAGIC}${JSON.stringify({ words, ...behaviour })}`);
}

/** What a file does: as it says when it is a lab sample, else next to nothing. */
export function behaviourOf(bytes: Buffer): SampleBehaviour {
  const text = bytes.toString('utf8');
  if (!text.startsWith(MAGIC)) return QUIET;
  try {
    return { ...QUIET, ...(JSON.parse(text.slice(MAGIC.length)) as Partial<SampleBehaviour>) };
  } catch {
    return QUIET;
  }
}

/** SHA-256 in lower-case hex. */
export function hashOf(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

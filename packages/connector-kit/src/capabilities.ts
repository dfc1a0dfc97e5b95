import type { EffectClass } from './manifest.ts';

/** What an action promises when it provides a capability. More fields are allowed. */
export interface CapabilityContract {
  readonly title: string;
  readonly effect: EffectClass;
  /** Input fields that it understands; it may require no others. */
  readonly input: readonly string[];
  /** Output fields that it always gives. */
  readonly output: readonly string[];
}

/** The vendor-neutral contracts that several connectors implement. */
export const capabilities: Readonly<Record<string, CapabilityContract>> = {
  block_ip: {
    title: 'Block an IP address',
    effect: 'contain',
    input: ['ip'],
    output: ['ip', 'already_blocked'],
  },
  lookup_ip: {
    title: 'Look up the reputation of an IP address',
    effect: 'read',
    input: ['ip'],
    // score: 0 to 100 or null; verdict: malicious, suspicious, benign or unknown.
    output: ['ip', 'score', 'verdict'],
  },
};

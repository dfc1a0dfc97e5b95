import { domainToASCII } from 'node:url';
import { loadLater } from '@counterpoint/core';

// The public suffix list: eleven megabytes in memory.
const suffixes = loadLater<typeof import('tldts')>('tldts', import.meta.url);
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const ASCII = /^[\x21-\x7e]+$/;
const PSL = { extractHostname: false, validateHostname: false, detectIp: false } as const;

/**
 * A host name in canonical form: lower case, punycode (UTS 46), no final dot, two labels or more. Undefined when it is
 * not one. Any top-level label passes that is not a number; see {@link hasPublicSuffix}.
 */
export function canonicalDomain(text: string): string | undefined {
  if (text.length < 3 || text.length > 254) return undefined;
  const trimmed = text.endsWith('.') ? text.slice(0, -1) : text;
  const ascii = ASCII.test(trimmed) ? trimmed.toLowerCase() : domainToASCII(trimmed);
  if (ascii.length < 3 || ascii.length > 253) return undefined;
  const labels = ascii.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) return undefined;
  const top = labels.at(-1) ?? '';
  return /^\d+$/.test(top) || /^0x/.test(top) ? undefined : ascii;
}

/** Whether a canonical domain lies below a public suffix of the ICANN section (publicsuffix.org), so could be registered. */
export function hasPublicSuffix(domain: string): boolean {
  const found = suffixes().parse(domain, PSL);
  return found.isIcann === true && found.domain !== null;
}

// The same few names stand in alert after alert, and this look-up costs a twentieth of reading one.
const known = new Map<string, string | undefined>();
const MAX_KNOWN = 8192;

/** {@link canonicalDomain}, of names below a public suffix only. */
export function publicDomain(text: string): string | undefined {
  const before = known.get(text);
  if (before !== undefined || known.has(text)) return before;
  const domain = canonicalDomain(text);
  const verdict = domain !== undefined && hasPublicSuffix(domain) ? domain : undefined;
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(text, verdict);
  return verdict;
}

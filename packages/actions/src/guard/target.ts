import { domainToASCII } from 'node:url';
import { type ObservableType, observableOf, observableTypes } from '@counterpoint/formats';
import { rangeText } from './address-range.ts';
import { readAddress } from './read-address.ts';

/** A target taken apart: what kind of thing it is, and its value. */
export interface Target {
  readonly type: string;
  readonly value: string;
}

/** What a target is, as far as it decides how it is compared with what is protected. */
export type TargetKind = 'address' | 'host' | 'domain' | 'url' | 'mail' | 'account' | 'harmless' | 'unknown';

/** The types that targets may have: those of observables, and short names that connectors write. */
const KINDS: Readonly<Record<string, TargetKind>> = {
  'ipv4-addr': 'address',
  'ipv6-addr': 'address',
  ip: 'address',
  network: 'address',
  cidr: 'address',
  host: 'host',
  hostname: 'host',
  'domain-name': 'domain',
  domain: 'domain',
  url: 'url',
  'email-addr': 'mail',
  email: 'mail',
  'user-account': 'account',
  user: 'account',
  account: 'account',
  'file:name': 'harmless',
  'file:hashes.MD5': 'harmless',
  'file:hashes.SHA-1': 'harmless',
  'file:hashes.SHA-256': 'harmless',
  'file:hashes.SHA-512': 'harmless',
  vulnerability: 'harmless',
};

/** The one type under which the ledger keeps each kind. */
const CANONICAL: Readonly<Partial<Record<TargetKind, string>>> = {
  host: 'host',
  domain: 'domain-name',
  url: 'url',
  mail: 'email-addr',
  account: 'user-account',
};

/** The kind of a type; `unknown` for one that nobody has heard of. */
export function kindOfTarget(type: string): TargetKind {
  return Object.hasOwn(KINDS, type) ? (KINDS[type] as TargetKind) : 'unknown';
}

/** Takes `<type>:<value>` apart. The type ends at the first colon, except for those observable types that hold one. */
export function parseTarget(text: string): Target {
  const typed = observableTypes.find((type) => text.startsWith(`${type}:`));
  const cut = typed === undefined ? text.indexOf(':') : typed.length;
  return cut <= 0 ? { type: '', value: text } : { type: text.slice(0, cut), value: text.slice(cut + 1) };
}

/** A host name in the one form in which names are compared: lower case, punycode, no final dots. */
export function canonicalName(text: string): string {
  const bare = text.trim().replace(/\.+$/, '');
  return domainToASCII(bare) || bare.toLowerCase();
}

/**
 * One spelling for each target, so that two spellings of one address are one effect. What cannot be read stays as it is
 * written; the guard refuses it where it matters.
 */
export function canonicalTarget(text: string): string {
  const { type, value } = parseTarget(text);
  const kind = kindOfTarget(type);
  if (kind === 'address') {
    const readings = readAddress(value);
    const [only] = readings;
    if (!only || readings.length > 1) return text;
    const canonical = rangeText(only);
    return `${canonical.includes(':') ? 'ipv6-addr' : 'ipv4-addr'}:${canonical}`;
  }
  const canonical = CANONICAL[kind] ?? type;
  if (kind === 'host' || kind === 'domain') return `${canonical}:${canonicalName(value)}`;
  const known = observableTypes.find((one) => one === canonical);
  const found = known === undefined ? undefined : observableOf(known satisfies ObservableType, value);
  return found ? `${found.type}:${found.value}` : text;
}

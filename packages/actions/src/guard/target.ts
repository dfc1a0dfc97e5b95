import { domainToASCII } from 'node:url';
import { type ObservableType, observableOf, observableTypes } from '@counterpoint/formats';
import { rangeText } from './address-range.ts';
import { readAddress } from './read-address.ts';

/** A target taken apart: what kind of thing it is, and its value. */
export interface Target {
  readonly type: string;
  readonly value: string;
}

const ADDRESS_TYPES = new Set(['ipv4-addr', 'ipv6-addr']);
const NAME_TYPES = new Set(['domain-name', 'host']);

/** Takes `<type>:<value>` apart. The type ends at the first colon, except for those observable types that hold one. */
export function parseTarget(text: string): Target {
  const typed = observableTypes.find((type) => text.startsWith(`${type}:`));
  const cut = typed === undefined ? text.indexOf(':') : typed.length;
  return cut <= 0 ? { type: '', value: text } : { type: text.slice(0, cut), value: text.slice(cut + 1) };
}

/** Whether a target of this type is an address or a network. */
export function isAddressType(type: string): boolean {
  return ADDRESS_TYPES.has(type);
}

/** Whether a target of this type is a host or domain name. */
export function isNameType(type: string): boolean {
  return NAME_TYPES.has(type);
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
  if (isAddressType(type)) {
    const readings = readAddress(value);
    const [only] = readings;
    if (!only || readings.length > 1) return text;
    const canonical = rangeText(only);
    return `${canonical.includes(':') ? 'ipv6-addr' : 'ipv4-addr'}:${canonical}`;
  }
  if (isNameType(type)) return `${type}:${canonicalName(value)}`;
  const known = (observableTypes as readonly string[]).includes(type)
    ? observableOf(type as ObservableType, value)
    : undefined;
  return known ? `${known.type}:${known.value}` : text;
}

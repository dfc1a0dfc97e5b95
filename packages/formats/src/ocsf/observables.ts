import { observableOf } from '../observables/canonical.ts';
import type { Observable, ObservableType } from '../observables/observable.ts';
import type { OcsfObservable } from './finding.ts';

/** `type_id` and caption of OCSF's observable types, for ours. */
const TYPES: Readonly<Record<ObservableType, readonly [id: number, caption: string]>> = {
  'ipv4-addr': [2, 'IP Address'],
  'ipv6-addr': [2, 'IP Address'],
  'domain-name': [1, 'Hostname'],
  url: [6, 'URL String'],
  'email-addr': [5, 'Email Address'],
  'file:hashes.MD5': [8, 'Hash'],
  'file:hashes.SHA-1': [8, 'Hash'],
  'file:hashes.SHA-256': [8, 'Hash'],
  'file:hashes.SHA-512': [8, 'Hash'],
  'file:name': [7, 'File Name'],
  vulnerability: [18, 'CVE Object: uid'],
  'mac-addr': [3, 'MAC Address'],
  'user-account': [4, 'User Name'],
};
const SUBNET = [12, 'Subnet'] as const;

const CANDIDATES: Readonly<Record<number, readonly ObservableType[]>> = {
  1: ['domain-name'],
  2: ['ipv4-addr'],
  3: ['mac-addr'],
  4: ['user-account'],
  5: ['email-addr'],
  6: ['url'],
  7: ['file:name'],
  8: ['file:hashes.MD5', 'file:hashes.SHA-1', 'file:hashes.SHA-256', 'file:hashes.SHA-512'],
  12: ['ipv4-addr'],
  18: ['vulnerability'],
};

/** An observable as OCSF writes it; `name` is the path of the attribute that holds it. */
export function toOcsfObservable({ type, value }: Observable, name: string): OcsfObservable {
  const network = (type === 'ipv4-addr' || type === 'ipv6-addr') && value.includes('/');
  const [type_id, caption] = network ? SUBNET : TYPES[type];
  return { name, type: caption, type_id, value };
}

/** Our observable from OCSF's; undefined for types that we do not keep and for values that do not fit their type. */
export function fromOcsfObservable(observable: OcsfObservable): Observable | undefined {
  const { value } = observable;
  if (value === undefined) return undefined;
  for (const type of CANDIDATES[observable.type_id] ?? []) {
    const found = observableOf(type, value);
    if (found !== undefined) return found;
  }
  return undefined;
}

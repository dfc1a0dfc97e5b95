import type { Json } from '@counterpoint/core';

/** A JSON document for `nft -j` (libnftables-json(5)). */
export interface NftDocument {
  readonly nftables: readonly Json[];
}

/** An address and the set that it belongs to. */
export interface SetElement {
  readonly ip: string;
  readonly set: 'banned_v4' | 'banned_v6';
}

const FAMILY = 'inet';
/** Just before connection tracking (-200), so that a banned flood costs no tracking entries. */
const PRIORITY = -250;
const SETS = [
  { name: 'banned_v4', type: 'ipv4_addr', protocol: 'ip' },
  { name: 'banned_v6', type: 'ipv6_addr', protocol: 'ip6' },
] as const;

/** The commands that make sure of table, sets and drop rules; running them again changes nothing. */
function ensureTable(table: string): Json[] {
  const chain = { family: FAMILY, table, name: 'drop_banned' };
  return [
    { add: { table: { family: FAMILY, name: table } } },
    ...SETS.map(({ name, type }) => ({ add: { set: { family: FAMILY, table, name, type, flags: ['timeout'] } } })),
    { add: { chain: { ...chain, type: 'filter', hook: 'prerouting', prio: PRIORITY, policy: 'accept' } } },
    { flush: { chain } },
    ...SETS.map(({ name, protocol }) => {
      const left = { payload: { protocol, field: 'saddr' } };
      const expr: Json = [{ match: { op: '==', left, right: `@${name}` } }, { counter: null }, { drop: null }];
      return { add: { rule: { family: FAMILY, table, chain: 'drop_banned', expr } } };
    }),
  ];
}

function element(table: string, { set, ip }: SetElement, seconds: number): Json {
  const elem: Json = seconds === 0 ? ip : { elem: { val: ip, timeout: seconds } };
  return { element: { family: FAMILY, table, name: set, elem: [elem] } };
}

/**
 * One transaction that leaves the address banned for `seconds` (0: for good). Adding an element that exists does not
 * change its timeout, so it is added, removed and added again.
 */
export function banDocument(table: string, target: SetElement, seconds: number): NftDocument {
  const bare = element(table, target, 0);
  return {
    nftables: [...ensureTable(table), { add: bare }, { delete: bare }, { add: element(table, target, seconds) }],
  };
}

/** Removes an element, which must exist. */
export function unbanDocument(table: string, target: SetElement): NftDocument {
  return { nftables: [{ delete: element(table, target, 0) }] };
}

/** Lists a set. */
export function listDocument(table: string, set: SetElement['set']): NftDocument {
  return { nftables: [{ list: { set: { family: FAMILY, table, name: set } } }] };
}

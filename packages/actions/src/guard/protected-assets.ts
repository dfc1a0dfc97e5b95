import type { Clock } from '@counterpoint/core';
import { type AddressRange, overlaps, rangeText } from './address-range.ts';
import type { LocalNetwork } from './local-network.ts';
import type { Policy, Protected } from './policy.ts';
import { readAddress } from './read-address.ts';
import { canonicalName } from './target.ts';

/** Looks up the addresses of a host name. Rejects with `code` ENOTFOUND or ENODATA when the name has none. */
export type NameResolver = (name: string) => Promise<readonly string[]>;

/** Why something is protected, or a name that could not be looked up so that nobody knows. */
export type Protection =
  | { readonly kind: 'protected'; readonly why: string }
  | { readonly kind: 'unresolved'; readonly name: string; readonly reason: string };

/** Matches things against what is protected at this moment. Undefined: not protected. */
export interface ProtectedAssets {
  address(policy: Policy, range: AddressRange): Promise<Protection | undefined>;
  name(policy: Policy, name: string): Protection | undefined;
  domain(policy: Policy, name: string): Protection | undefined;
  account(policy: Policy, account: string): Protection | undefined;
  /** The addresses that a host name has now. */
  resolve(name: string): Promise<readonly AddressRange[] | Protection>;
}

/** Ranges that are never somebody else's machine (IANA special-purpose registries, RFC 6890). */
const ALWAYS: readonly Protected<AddressRange>[] = (
  [
    ['0.0.0.0/8', '"this network"'],
    ['127.0.0.0/8', 'loopback'],
    ['169.254.0.0/16', 'link-local and cloud metadata'],
    ['224.0.0.0/4', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['::/128', 'the unspecified address'],
    ['::1/128', 'loopback'],
    ['fe80::/10', 'link-local'],
    ['ff00::/8', 'multicast'],
  ] as const
).map(([text, why]) => ({ value: readAddress(text)[0] as AddressRange, why }));

const LOOKUP_TTL = 60_000;
const LOOKUP_TIMEOUT = 2_000;
const LOCAL_TTL = 30_000;
const NO_SUCH_NAME = new Set(['ENOTFOUND', 'ENODATA']);

interface Lookup {
  readonly at: number;
  readonly ranges: readonly AddressRange[] | undefined;
  readonly reason: string;
}

/**
 * Makes the matcher.
 *
 * @param options.network This machine's surroundings; asked again after 30 seconds.
 * @param options.resolve Looks names up. An answer counts for a minute; after that the last one counts while the name
 *   service is silent. A name that was never answered for makes the guard fail closed.
 */
export function createProtectedAssets(options: {
  readonly network: () => LocalNetwork;
  readonly resolve: NameResolver;
  readonly clock: Clock;
}): ProtectedAssets {
  const { clock } = options;
  const lookups = new Map<string, Lookup>();
  let local: { at: number; entries: ReturnType<typeof localEntries> } | undefined;

  const ownAssets = (policy: Policy): readonly Protected<AddressRange>[] => {
    if (!local || clock.now() - local.at >= LOCAL_TTL)
      local = { at: clock.now(), entries: localEntries(options.network()) };
    const { entries } = local;
    return policy.protected.own.flatMap((kind) => entries[kind]);
  };

  const lookup = async (name: string): Promise<Lookup> => {
    const known = lookups.get(name);
    if (known && clock.now() - known.at < LOOKUP_TTL && known.ranges) return known;
    const fresh = await ask(options.resolve, name, clock);
    // A silent name service must not lift a protection that it granted before.
    const result = fresh.ranges ? fresh : { ...fresh, ranges: known?.ranges };
    lookups.set(name, result);
    return result;
  };

  const resolve = async (name: string): Promise<readonly AddressRange[] | Protection> => {
    const { ranges, reason } = await lookup(name);
    return ranges ?? { kind: 'unresolved', name, reason };
  };

  return {
    async address(policy, range) {
      for (const entry of [...ALWAYS, ...policy.protected.addresses, ...ownAssets(policy)]) {
        if (overlaps(entry.value, range)) return protectedBy(entry.why, rangeText(entry.value));
      }
      const lists = await Promise.all(
        policy.protected.names.map(async ({ value, why }) => ({ value, why, found: await resolve(value) })),
      );
      for (const { value, why, found } of lists) {
        if ('kind' in found) return found;
        if (found.some((one) => overlaps(one, range))) return protectedBy(why, value);
      }
      return undefined;
    },
    name(policy, name) {
      const wanted = canonicalName(name);
      // A bare host name may be the first label of a protected one.
      const entry = policy.protected.names.find(
        ({ value }) => value === wanted || (!wanted.includes('.') && value.startsWith(`${wanted}.`)),
      );
      return entry && protectedBy(entry.why, entry.value);
    },
    domain(policy, name) {
      const wanted = canonicalName(name);
      const names = [...policy.protected.domains, ...policy.protected.names];
      // Acting on a parent acts on the protected name too.
      const entry = names.find(
        ({ value }) => wanted === value || wanted.endsWith(`.${value}`) || value.endsWith(`.${wanted}`),
      );
      return entry && protectedBy(entry.why, entry.value);
    },
    account(policy, account) {
      const wanted = account.trim().normalize('NFKC').toLowerCase();
      const entry = policy.protected.accounts.find(({ value }) => value === wanted);
      return entry && protectedBy(entry.why, entry.value);
    },
    resolve,
  };
}

function protectedBy(why: string, what: string): Protection {
  return { kind: 'protected', why: `${why} (${what})` };
}

function localEntries(network: LocalNetwork) {
  const entries = (texts: readonly string[], why: string): Protected<AddressRange>[] =>
    texts.flatMap((text) => readAddress(text).map((value) => ({ value, why })));
  return {
    addresses: entries(network.addresses, "this server's own address"),
    gateways: entries(network.gateways, "this server's gateway"),
    resolvers: entries(network.resolvers, "this server's name server"),
  };
}

async function ask(resolve: NameResolver, name: string, clock: Clock): Promise<Lookup> {
  const at = clock.now();
  let cancel = () => {};
  const silence = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(LOOKUP_TIMEOUT, () => reject(new Error('the name service does not answer')));
  });
  try {
    const addresses = await Promise.race([resolve(name), silence]);
    return { at, ranges: addresses.flatMap((text) => readAddress(text)), reason: '' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== undefined && NO_SUCH_NAME.has(code)) return { at, ranges: [], reason: '' };
    return { at, ranges: undefined, reason: code ?? message };
  } finally {
    cancel();
  }
}

import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { addressAllowed, type NetworkScope } from './address.ts';
import { literalOf } from './destination.ts';

/** One answer of a {@link Resolver}. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** Finds the addresses of a host name. */
export type Resolver = (host: string) => Promise<readonly ResolvedAddress[]>;

/** The name service of the machine. */
const systemResolver: Resolver = async (host) => {
  const found = await systemLookup(host, { all: true, verbatim: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/** Pools of HTTP connections, one for each network scope; shared by the egress clients of all connections. */
export interface EgressAgents {
  dispatcherFor(network: NetworkScope): Promise<Dispatcher>;
  /** Waits for requests under way, then closes all sockets. */
  close(): Promise<void>;
}

/** Thrown inside the dialler when an address is refused, and recognised by its code when the request fails. */
export const REFUSED_ADDRESS = 'COUNTERPOINT_ADDRESS_REFUSED';

function refusal(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`refused to dial ${host}`), { code: REFUSED_ADDRESS });
}

/**
 * A look-up for `net.connect` that gives only addresses within the scope. One address outside it refuses the whole
 * answer: a name that mixes inside and outside is a rebinding attempt, not a choice.
 */
function guardedLookup(network: NetworkScope, resolver: Resolver): LookupFunction {
  return (host, options, callback) => {
    resolver(host).then(
      (addresses) => {
        const first = addresses[0];
        if (!first || addresses.some(({ address }) => !addressAllowed(address, network))) {
          callback(refusal(host), '', 0);
        } else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (cause: NodeJS.ErrnoException) => callback(cause, '', 0),
    );
  };
}

async function createDispatcher(network: NetworkScope, resolver: Resolver): Promise<Dispatcher> {
  // Loaded with the first request: most commands never send one.
  const { Agent, buildConnector } = await import('undici');
  const dial = buildConnector({ lookup: guardedLookup(network, resolver), timeout: 10_000 } as Parameters<
    typeof buildConnector
  >[0]);
  return new Agent({
    // undici resolves IP literals without calling `lookup`, so they are judged here once more.
    connect(options, callback) {
      const literal = literalOf(options.hostname);
      if (isIP(literal) !== 0 && !addressAllowed(literal, network)) callback(refusal(literal), null);
      else dial(options, callback);
    },
    keepAliveTimeout: 10_000,
    pipelining: 1,
  });
}

/** Makes {@link EgressAgents}; sockets are opened with the first request. */
export function createEgressAgents(resolver: Resolver = systemResolver): EgressAgents {
  const dispatchers = new Map<NetworkScope, Promise<Dispatcher>>();
  return {
    dispatcherFor(network) {
      const known = dispatchers.get(network) ?? createDispatcher(network, resolver);
      dispatchers.set(network, known);
      return known;
    },
    async close() {
      const open = [...dispatchers.values()];
      dispatchers.clear();
      for (const dispatcher of await Promise.all(open)) await dispatcher.close();
    },
  };
}

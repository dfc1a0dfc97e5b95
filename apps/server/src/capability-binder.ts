import type { Connector } from '@counterpoint/connector-kit';
import type { BoundCapability, Target } from '@counterpoint/engine';
import type { ConnectionRow, Store } from '@counterpoint/events';

/** Finds who provides a capability. */
export interface CapabilityBinder {
  /**
   * The first enabled connection (by id) whose connector provides it; a real one comes before a simulated one, and a
   * product before a participant. Participants that are not there now do not count.
   *
   * @param isNear whether a connection is at the site of who asks: a real one there comes before all others
   */
  bind(capability: string, isNear?: (connection: ConnectionRow) => boolean): BoundCapability | undefined;
  /** Every enabled connection that provides it, by id; simulated ones only when there is no real one. */
  bindAll(capability: string): readonly Target[];
  /** Reads the connections again: another process may have changed them. */
  refresh(): void;
  /** Stops watching the connections. */
  close(): void;
}

function preference(a: ConnectionRow, b: ConnectionRow): number {
  return Number(a.simulated) - Number(b.simulated) || (a.id < b.id ? -1 : 1);
}

/** Makes a {@link CapabilityBinder} that knows the connections of a store and notices when they change. */
export async function createCapabilityBinder(
  store: Store,
  connectors: ReadonlyMap<string, Pick<Connector, 'manifest' | 'available'>>,
): Promise<CapabilityBinder> {
  let known: readonly ConnectionRow[] = [];
  const read = async () => {
    known = [...(await store.find('connections', { where: { enabled: true }, limit: 10_000 }))].sort(preference);
  };
  const refresh = () => void read().catch(() => undefined);
  const close = store.onCommitted((change) => {
    if (change.rows?.some(({ table }) => table === 'connections')) refresh();
  });
  await read();
  const provider = (connector: string, capability: string): string | undefined => {
    const found = connectors.get(connector);
    const action = found?.manifest.capabilities?.[capability];
    return action === undefined || found?.available?.(action) === false ? undefined : action;
  };
  return {
    bind(capability, isNear = () => false) {
      const products = known.filter(({ connector, simulated }) => !simulated && !connectors.get(connector)?.available);
      const near = [...products, ...known].filter((row) => !row.simulated && isNear(row));
      for (const { id, connector } of [...near, ...products, ...known]) {
        const action = provider(connector, capability);
        if (action !== undefined) return { connector, action, connection: id };
      }
      return undefined;
    },
    bindAll(capability) {
      const all = known.flatMap(({ id, connector, simulated }) => {
        const action = provider(connector, capability);
        return action === undefined ? [] : [{ connector, action, connection: id, simulated }];
      });
      const real = all.filter(({ simulated }) => !simulated);
      return (real.length > 0 ? real : all).map(({ simulated: _simulated, ...target }) => target);
    },
    refresh,
    close,
  };
}

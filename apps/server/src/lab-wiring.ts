import type { Connections } from '@counterpoint/actions';
import { type Clock, newTraceId } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { createSource, type Normalizer } from '@counterpoint/ingest';
import type { Lab, LabConnection } from '@counterpoint/lab';
import type { Vault } from '@counterpoint/vault';

/** The sources that the lab brings: id, title, normaliser. */
const LAB_SOURCES = [
  { id: 'wazuh', title: 'Wazuh (lab)', normalizer: 'wazuh' },
  { id: 'suricata', title: 'Suricata EVE (lab)', normalizer: 'suricata_eve' },
  { id: 'generic', title: 'Any JSON (lab)', normalizer: 'generic_json' },
] as const;

const DEDUP_WINDOW = 3_600_000;

function actor() {
  return { principal: 'system', trace: newTraceId() };
}

async function wire(store: Store, connections: Connections, wanted: LabConnection): Promise<void> {
  const standing = await store.get('connections', wanted.id);
  if (standing) {
    const { config, secrets, allowedHosts } = wanted;
    await connections.update(wanted.id, { config, secrets, allowedHosts, enabled: true }, actor());
  } else {
    await connections.create(wanted, actor());
  }
}

/** Registers a connection to every simulator; where they listen changes with every start. */
export async function wireLab(store: Store, connections: Connections, lab: Lab): Promise<void> {
  for (const connection of lab.connections) await wire(store, connections, connection);
}

/** Without the lab its connections lead nowhere: they are disabled, and stay for the record. */
export async function unwireLab(store: Store, connections: Connections): Promise<void> {
  const standing = await store.find('connections', { where: { simulated: true, enabled: true }, limit: 1_000 });
  for (const { id } of standing) {
    // Those of participants lead somewhere as soon as these are there.
    if (!(await store.get('participants', id))) await connections.update(id, { enabled: false }, actor());
  }
}

/** The token of a lab source, known only right after it was made. */
export interface LabSource {
  readonly id: string;
  readonly token: string;
}

/** Makes the lab's sources that do not exist yet, and gives their tokens. */
export async function addLabSources(options: {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly normalizers: ReadonlyMap<string, Normalizer>;
}): Promise<LabSource[]> {
  const { store, vault, clock, normalizers } = options;
  const made: LabSource[] = [];
  for (const { id, title, normalizer } of LAB_SOURCES) {
    if (await store.get('sources', id)) continue;
    const request = { id, title, normalizer, auth: 'token', dedupWindow: DEDUP_WINDOW, simulated: true } as const;
    const { secret, change } = createSource(request, { vault, normalizers, by: actor(), now: clock.now() });
    await store.commit(change);
    made.push({ id, token: secret });
  }
  return made;
}

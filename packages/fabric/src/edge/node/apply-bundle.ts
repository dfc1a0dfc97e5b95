import type { Connections } from '@counterpoint/actions';
import { setSwitch } from '@counterpoint/actions';
import { type Clock, isCounterpointError, newTraceId, stableId } from '@counterpoint/core';
import type { PlaybookRow, RowWrite, Store } from '@counterpoint/events';
import type { BundledConnection, BundledReaction, EdgeBundle } from '../bundle.ts';
import { openOnNode } from '../seal-for-node.ts';
import { secretContext } from '../secret-context.ts';
import { applyParticipants } from './apply-participants.ts';

/** What applying a bundle needs. */
export interface ApplyOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly connections: Connections;
  /** The node's private key: PKCS#8 PEM, X25519. */
  readonly privateKey: string;
  /** Opens a secret of the own vault, to tell whether it has changed. */
  readonly openSecret: (id: string) => Promise<string>;
  /** Told of a connection that cannot be taken over; the others are. */
  readonly onProblem: (connection: string, error: unknown) => void;
}

const MANY = 10_000;
/** Who the versions of reactions act for: their rights stand in the bundle. */
export const BUNDLED = 'bundle:';

/** Brings the store of a node to what a bundle says: connections with their secrets, reactions, kill switches. */
export async function applyBundle(options: ApplyOptions, bundle: EdgeBundle): Promise<void> {
  await applySwitches(options, bundle.switches);
  await applyConnections(options, bundle);
  await applyReactions(options, bundle.reactions);
  await applyParticipants(options, bundle.participants, bundle.site);
}

/** Engages the kill switches that are engaged at the centre, and releases the others. */
export async function applySwitches(
  { store, clock }: Pick<ApplyOptions, 'store' | 'clock'>,
  wanted: EdgeBundle['switches'],
): Promise<void> {
  const standing = await store.find('switches', { where: { engaged: true }, limit: MANY });
  const at = clock.now();
  const by = { principal: 'system', at, trace: newTraceId(at) };
  for (const [id, reason] of Object.entries(wanted)) {
    const row = standing.find((one) => one.id === id);
    if (row?.reason !== reason) await store.commit(await setSwitch(store, { ...by, id, engaged: true, reason }));
  }
  for (const { id } of standing) {
    if (Object.hasOwn(wanted, id)) continue;
    await store.commit(await setSwitch(store, { ...by, id, engaged: false, reason: 'the centre released it' }));
  }
}

async function applyConnections(options: ApplyOptions, bundle: EdgeBundle): Promise<void> {
  const { store, connections, clock, onProblem } = options;
  const by = { principal: 'system', trace: newTraceId(clock.now()) };
  const wanted = new Set(bundle.connections.map(({ id }) => id));
  for (const connection of bundle.connections) {
    try {
      await applyConnection(options, bundle, connection, by);
    } catch (error) {
      onProblem(connection.id, error);
    }
  }
  for (const { id, enabled } of await store.find('connections', { limit: MANY })) {
    if (wanted.has(id)) continue;
    try {
      await connections.remove(id, by);
    } catch (error) {
      if (!isCounterpointError(error, 'actions.connection_in_use')) throw error;
      // What it has done can still be undone, and nothing more is begun.
      if (enabled) await connections.update(id, { enabled: false }, by);
    }
  }
}

async function applyConnection(
  { store, connections, privateKey, openSecret }: ApplyOptions,
  { installation, node }: EdgeBundle,
  connection: BundledConnection,
  by: { readonly principal: string; readonly trace: string },
): Promise<void> {
  const { id, connector, title, config, network, allowed_hosts: allowedHosts, simulated } = connection;
  const secrets = Object.fromEntries(
    Object.entries(connection.secrets).map(([field, sealed]) => {
      return [field, openOnNode(privateKey, sealed, secretContext(installation, node, id, field))] as const;
    }),
  );
  const standing = await store.get('connections', id);
  if (!standing) {
    await connections.create({ id, connector, title, config, secrets, network, allowedHosts, simulated }, by);
    return;
  }
  const before = await Promise.all(
    Object.entries(standing.secrets).map(async ([field, secret]) => [field, await openSecret(secret)] as const),
  );
  const { title: was, config: had, network: lay, allowed_hosts: reached } = standing;
  const now = stableId(JSON.stringify([title, config, network, allowedHosts, entries(secrets), true]));
  const then = stableId(
    JSON.stringify([was, had, lay, reached, entries(Object.fromEntries(before)), standing.enabled]),
  );
  if (now === then) return;
  await connections.update(id, { title, config, secrets, network, allowedHosts, enabled: true }, by);
}

function entries(secrets: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1));
}

async function applyReactions({ store, clock }: ApplyOptions, reactions: readonly BundledReaction[]): Promise<void> {
  const now = clock.now();
  const standing = new Map((await store.find('playbooks', { limit: MANY })).map((row) => [row.id, row]));
  const rows: RowWrite[] = [];
  for (const { id, version, source } of reactions) {
    const before = standing.get(id);
    standing.delete(id);
    const number = (await store.count('playbook_versions', { playbook: id })) + 1;
    const row = { id: version, playbook: id, number, source, published_at: now, principal: `${BUNDLED}${id}` };
    rows.push({ op: 'ensure', table: 'playbook_versions', row });
    if (before?.current === version && before.enabled) continue;
    const current: PlaybookRow = {
      ...{ id, kind: 'reaction', title: id, current: version, enabled: true, updated_at: now },
      rev: (before?.rev ?? 0) + 1,
    };
    rows.push({ op: 'put', table: 'playbooks', row: current });
  }
  for (const row of standing.values()) {
    if (row.enabled) rows.push({ op: 'put', table: 'playbooks', row: { ...row, enabled: false, rev: row.rev + 1 } });
  }
  if (rows.length > 0) await store.commit({ rows });
}

import type { Connector, ConnectorManifest } from '@counterpoint/connector-kit';
import { type Clock, hashJson, type Json } from '@counterpoint/core';
import type { ConnectionRow, RowWrite, Store } from '@counterpoint/events';
import { manifestOf } from '../participants/manifest.ts';
import type { Participant, Participants } from '../participants/participant.ts';
import { declarationOf } from '../participants/view.ts';
import { type FabricConnectorServices, fabricConnector, fabricManifest } from './fabric-connector.ts';
import { participantConnector } from './participant-connector.ts';
import type { Services } from './service.ts';

/** What {@link keepOffers} works on. */
export interface OffersOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly participants: Pick<Participants, 'all' | 'onChanged'>;
  readonly services: FabricConnectorServices & Pick<Services, 'isLive'>;
  /** The connectors of the door: those of participants come and go among them. */
  readonly connectors: Map<string, Connector>;
  /** Whether a connector came with the product: it is never replaced. */
  readonly isShipped: (id: string) => boolean;
  /** The set of actions is another now: what was compiled against it is to be looked at again. */
  readonly onChanged: () => void;
  readonly onProblem?: (error: unknown) => void;
}

/** The connector that a participant is, as it stands; undefined when it offers nothing. */
export function manifestOfParticipant(participant: Participant): ConnectorManifest | undefined {
  const declaration = declarationOf(participant);
  if (!declaration || Object.keys(declaration.offers).length === 0) return undefined;
  return manifestOf(declaration, participant.declared ? 'unless_said' : 'always');
}

/**
 * Keeps what participants offer, and the connector `fabric` for services without a contract, among the connectors, each with a connection of its own (same id, private network, no
 * hosts). A participant that leaves stays a connector, so that its effects can still be undone and verified when it is
 * back; one that is removed does not.
 */
export async function keepOffers(options: OffersOptions): Promise<() => void> {
  const { connectors, participants, services, isShipped, store } = options;
  const hashes = new Map<string, string>();

  const take = (participant: Participant): boolean => {
    const { id } = participant;
    const manifest = isShipped(id) ? undefined : manifestOfParticipant(participant);
    if (!manifest) return drop(id);
    const hash = hashJson(manifest);
    if (hashes.get(id) === hash) return false;
    hashes.set(id, hash);
    connectors.set(id, participantConnector(manifest, services));
    return true;
  };
  const drop = (id: string): boolean => hashes.delete(id) && connectors.delete(id);

  const stop = participants.onChanged(({ id, participant }) => {
    const changed = participant ? take(participant) : drop(id);
    if (!participant) {
      const gone: RowWrite = { op: 'delete', table: 'connections', id };
      if (changed) void store.commit({ rows: [gone] }).catch(options.onProblem);
    }
    if (changed) options.onChanged();
  });
  const { id: fabric, title } = fabricManifest;
  connectors.set(fabric, fabricConnector(services));
  const row = ownConnection(fabric, fabric, title, false, options.clock.now());
  await store.commit({ rows: [{ op: 'ensure', table: 'connections', row }] });
  for (const participant of participants.all()) {
    take(participant);
    const rows = await connectionWrites(options, participant);
    if (rows.length > 0) await store.commit({ rows });
  }
  options.onChanged();
  return stop;
}

/** What is to be written so that a participant with offers has its connection. */
export async function connectionWrites(
  { store, clock, isShipped }: Pick<OffersOptions, 'store' | 'clock' | 'isShipped'>,
  participant: Participant,
): Promise<readonly RowWrite[]> {
  const { id, title } = participant;
  if (isShipped(id) || !manifestOfParticipant(participant)) return [];
  const simulated = declarationOf(participant)?.simulated ?? false;
  const row = await store.get('connections', id);
  const now = clock.now();
  if (!row) return [{ op: 'ensure', table: 'connections', row: ownConnection(id, id, title, simulated, now) }];
  if (row.connector !== id || (row.title === title && row.simulated === simulated)) return [];
  const after = { ...row, title, simulated, updated_at: now, rev: row.rev + 1 };
  return [{ op: 'update', table: 'connections', row: after }];
}

/** A connection that reaches nothing by itself: its calls go over the fabric. */
function ownConnection(id: string, connector: string, title: string, simulated: boolean, now: number): ConnectionRow {
  return {
    ...{ id, connector, title, simulated },
    config: {} as Json,
    secrets: {},
    network: 'private',
    allowed_hosts: [],
    site: '',
    enabled: true,
    created_at: now,
    updated_at: now,
    rev: 1,
  };
}

import type { JsonObject } from '@counterpoint/core';
import type { ServiceRow } from '@counterpoint/events';
import type { KnownInstance, LocalInstance } from './service.ts';

/** An instance, and where it can be asked. */
export interface Entry extends KnownInstance {
  /** The process that its connection ends in. */
  readonly node: string;
  /** When its connection ends in this process. */
  readonly own: LocalInstance | undefined;
}

/** Every instance that is known, in memory. */
export interface Instances {
  get(id: string): Entry | undefined;
  of(service: string): readonly Entry[];
  ofParticipant(participant: string): readonly Entry[];
  all(): readonly Entry[];
  services(): Iterable<string>;
  set(entry: Entry): void;
  remove(id: string): void;
  onChanged(listener: Listener): () => void;
}

type Listener = (change: { readonly kind: 'registered' | 'withdrawn'; readonly instance: KnownInstance }) => void;

function put(index: Map<string, Map<string, Entry>>, key: string, entry: Entry): void {
  const group = index.get(key) ?? new Map<string, Entry>();
  index.set(key, group.set(entry.id, entry));
}

function take(index: Map<string, Map<string, Entry>>, key: string, id: string): void {
  const group = index.get(key);
  group?.delete(id);
  if (group?.size === 0) index.delete(key);
}

/** Makes empty {@link Instances}. */
export function createInstances(): Instances {
  const byId = new Map<string, Entry>();
  const byService = new Map<string, Map<string, Entry>>();
  const byParticipant = new Map<string, Map<string, Entry>>();
  const listeners = new Set<Listener>();
  const tell: Listener = (change) => {
    for (const listener of listeners) listener(change);
  };
  const drop = (id: string): Entry | undefined => {
    const entry = byId.get(id);
    if (!entry) return undefined;
    byId.delete(id);
    take(byService, entry.service, id);
    take(byParticipant, entry.participant, id);
    return entry;
  };
  return {
    get: (id) => byId.get(id),
    of: (service) => [...(byService.get(service)?.values() ?? [])],
    ofParticipant: (participant) => [...(byParticipant.get(participant)?.values() ?? [])],
    all: () => [...byId.values()],
    services: () => byService.keys(),
    set(entry) {
      const before = drop(entry.id);
      byId.set(entry.id, entry);
      put(byService, entry.service, entry);
      put(byParticipant, entry.participant, entry);
      const renewed = before?.service === entry.service && before.topics.join() === entry.topics.join();
      if (!renewed) tell({ kind: 'registered', instance: entry });
    },
    remove(id) {
      const entry = drop(id);
      if (entry) tell({ kind: 'withdrawn', instance: entry });
    },
    onChanged(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** An instance as its row tells. */
export function entryOf(row: ServiceRow, own: LocalInstance | undefined): Entry {
  const { id, participant, service, topics, site, node, metadata, expires_at } = row;
  const known = { id, participant, service, topics, site, metadata: metadata as JsonObject };
  return { ...known, local: own !== undefined, expiresAt: expires_at, node, own };
}

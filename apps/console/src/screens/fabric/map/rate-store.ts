import { useSyncExternalStore } from 'react';
import type { Rates } from './pulses.ts';

/** The rates of busy edges, for labels that follow them without drawing the map anew. */
export interface RateStore {
  set(rates: Rates): void;
  of(edge: string): number;
  subscribe(listener: () => void): () => void;
}

/** Makes a {@link RateStore} without any rate. */
export function createRateStore(): RateStore {
  let rates: Rates = new Map();
  const listeners = new Set<() => void>();
  return {
    set(next) {
      if (rates.size === 0 && next.size === 0) return;
      rates = next;
      for (const listener of listeners) listener();
    },
    of: (edge) => Math.round(rates.get(edge) ?? 0),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The rate of an edge: events a second; 0 while it is not busy. */
export function useRate(store: RateStore, edge: string): number {
  return useSyncExternalStore(store.subscribe, () => store.of(edge));
}

import type { OverviewEndpointName } from '@counterpoint/contracts';
import type { Clock } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import type { Permission } from '@counterpoint/identity';
import type { Handlers } from '../handler-types.ts';
import {
  alertFigures,
  approvalFigures,
  effectFigures,
  runFigures,
  savedFigures,
  timeFigures,
} from '../overview/figures.ts';
import {
  alertMatters,
  byUrgency,
  caseMatters,
  connectionMatters,
  effectMatters,
  fabricMatters,
  inboxMatters,
  runMatters,
  sourceMatters,
} from '../overview/matters.ts';
import { createMemory } from '../overview/memory.ts';
import { connectionFigures, connectionViews, sourceViews } from '../overview/standing.ts';

/** What the overview is made of. */
export interface OverviewServices {
  readonly store: Store;
  readonly clock: Clock;
}

/** Performs the overview. */
export function overviewHandlers({ store, clock }: OverviewServices): Handlers<OverviewEndpointName> {
  const once = createMemory(clock);
  const sources = () => once('sources', (now) => sourceViews(store, now));
  const connections = () => once('connections', (now) => connectionViews(store, now));
  const empty = () => once('empty', () => isEmpty(store));
  return {
    async overview({ principal }) {
      const now = clock.now();
      const may = (permission: Permission) => principal.permissions.has(permission);
      const part = async <Value>(permission: Permission, read: () => Promise<Value>) =>
        may(permission) ? read() : null;
      const several = async <Value>(permission: Permission, read: () => Promise<readonly Value[]>) =>
        may(permission) ? read() : [];
      const matters = await Promise.all([
        several('effect:read', () => once('effect matters', () => effectMatters(store))),
        several('fabric:read', () => once('fabric matters', () => fabricMatters(store))),
        several('source:read', async () => sourceMatters(await sources(), now)),
        several('inbox:read', () => once('inbox matters', () => inboxMatters(store, now))),
        several('connection:read', async () => connectionMatters(await connections())),
        several('run:read', () => once('run matters', () => runMatters(store, now))),
        several('alert:read', () => once('alert matters', () => alertMatters(store, now))),
        several('case:read', () => once('case matters', () => caseMatters(store, now))),
      ]);
      const [runs, alerts, times, approvals, saved, effects] = await Promise.all([
        part('run:read', () => once('runs', () => runFigures(store, now))),
        part('alert:read', () => once('alerts', () => alertFigures(store, now))),
        part('case:read', () => once('times', () => timeFigures(store, now))),
        part('inbox:read', () => once('approvals', () => approvalFigures(store))),
        part('run:read', () => once('saved', () => savedFigures(store, now))),
        part('effect:read', () => once('effects', () => effectFigures(store, now))),
      ]);
      return {
        at: now,
        matters: byUrgency(matters.flat()),
        ...{ runs, alerts, times, approvals, saved, effects },
        sources: await part('source:read', sources),
        connections: await part('connection:read', async () => connectionFigures(await connections())),
        empty: await empty(),
      };
    },
  };
}

/** Whether nothing has ever come in, and nothing can. */
async function isEmpty(store: Store): Promise<boolean> {
  for (const table of ['sources', 'alerts', 'runs'] as const) {
    if ((await store.find(table, { limit: 1 })).length > 0) return false;
  }
  return true;
}

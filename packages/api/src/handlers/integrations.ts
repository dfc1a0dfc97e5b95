import type { Connector } from '@counterpoint/connector-kit';
import type { IntegrationEndpointName } from '@counterpoint/contracts';
import type { Clock, Json } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { healthOf } from './connection-health.ts';

/** How far a connector is proven; docs/explanation/connector-grades.md says what each fact means. */
export interface ConnectorGrade {
  readonly letter: 'A' | 'B' | 'C' | '-';
  readonly facts: readonly { readonly fact: string; readonly for: 'A' | 'B' | 'C'; readonly holds: boolean }[];
}

/** What the handlers of the catalogue need. */
export interface CatalogueServices {
  readonly store: Store;
  readonly clock: Clock;
  /** Connectors by id, the built-in ones and those of participants among them. */
  readonly connectors: ReadonlyMap<string, Pick<Connector, 'manifest' | 'available'>>;
  /** Grades of the connectors that come with the product, by id. */
  readonly grades: Readonly<Record<string, ConnectorGrade>>;
}

type Names = 'listConnectors' | 'getConnector';

const MANY = 10_000;

function kindOf({ manifest, available }: Pick<Connector, 'manifest' | 'available'>) {
  if (manifest.builtin) return 'builtin';
  return available ? 'participant' : 'product';
}

function gradeOf({ grades }: CatalogueServices, id: string) {
  const grade = Object.hasOwn(grades, id) ? grades[id] : undefined;
  return grade ? { letter: grade.letter, facts: grade.facts.map((fact) => ({ ...fact })) } : null;
}

/** How many connections each connector has, and how many of them work. */
async function connectionCounts({ store, clock }: CatalogueServices) {
  const rows = await store.find('connections', { limit: MANY });
  const health = await healthOf(store, rows, clock.now());
  const counts = new Map<string, { total: number; enabled: number; failing: number }>();
  for (const { id, connector, enabled } of rows) {
    const { total, enabled: on, failing } = counts.get(connector) ?? { total: 0, enabled: 0, failing: 0 };
    const fails = health.get(id)?.state === 'failing';
    counts.set(connector, { total: total + 1, enabled: on + Number(enabled), failing: failing + Number(fails) });
  }
  return counts;
}

/** Performs the operations on the catalogue of connectors. */
export function connectorHandlers(services: CatalogueServices): Pick<Handlers<IntegrationEndpointName>, Names> {
  const { connectors } = services;
  return {
    async listConnectors() {
      const counts = await connectionCounts(services);
      const items = [...connectors.values()].map((connector) => {
        const { id, title, vendor, description, version, builtin, capabilities, actions } = connector.manifest;
        return {
          ...{ id, title, vendor, description, version, builtin: builtin ?? false },
          kind: kindOf(connector),
          grade: gradeOf(services, id),
          capabilities: Object.keys(capabilities ?? {}),
          actions: Object.entries(actions).map(([name, { title, effect }]) => ({ name, title, effect })),
          connections: counts.get(id) ?? { total: 0, enabled: 0, failing: 0 },
        } as const;
      });
      return { items };
    },
    async getConnector({ params }) {
      const connector = connectors.get(params.id ?? '');
      if (!connector) throw errors.not_found({ kind: 'connector', id: params.id ?? '' });
      const grade = gradeOf(services, connector.manifest.id);
      return { manifest: connector.manifest as unknown as Json, kind: kindOf(connector), grade };
    },
  };
}

import type { Reader } from '@counterpoint/events';
import { type ConnectionHealth, healthOf } from '../handlers/connection-health.ts';
import { type SourceStanding, sourceStandings } from '../handlers/source-standing.ts';

/** A source as the overview shows it. */
export interface SourceView {
  readonly id: string;
  readonly title: string;
  readonly state: SourceStanding['state'];
  readonly simulated: boolean;
  readonly last_at: number | null;
  readonly last_day: number;
  readonly missing: number;
  /** Posts that it refused at its door in the last hour. */
  readonly turned_away: number;
}

/** A connection as the overview counts it. */
export interface ConnectionView {
  readonly id: string;
  readonly title: string;
  readonly state: ConnectionHealth['state'];
  readonly simulated: boolean;
  /** When it was found to be so; else when it was changed. */
  readonly at: number;
}

const MANY = 500;

/** All sources, those that need a look first. */
export async function sourceViews(reader: Reader, now: number): Promise<SourceView[]> {
  const rows = await reader.find('sources', { limit: MANY });
  const standings = await sourceStandings(reader, rows, now);
  return rows.map(({ id, title, simulated }, index) => {
    const { state, lastAt, lastDay, missing, turnedAway } = standings[index] as SourceStanding;
    const turned_away = (turnedAway?.counts ?? []).reduce((sum, { hour }) => sum + hour, 0);
    return { id, title, state, simulated, last_at: lastAt, last_day: lastDay.received, missing, turned_away };
  });
}

/** All connections with their state. */
export async function connectionViews(reader: Reader, now: number): Promise<ConnectionView[]> {
  const rows = await reader.find('connections', { limit: MANY });
  const health = await healthOf(reader, rows, now);
  return rows.map(({ id, title, simulated, updated_at }) => {
    const { state = 'untested', check } = health.get(id) ?? {};
    return { id, title, state, simulated, at: check?.at ?? updated_at };
  });
}

/** Counts of connections by how they stand. */
export function connectionFigures(connections: readonly ConnectionView[]) {
  const enabled = connections.filter(({ state }) => state !== 'disabled');
  return {
    enabled: enabled.length,
    failing: enabled.filter(({ state }) => state === 'failing').length,
    untested: enabled.filter(({ state }) => state === 'untested').length,
    simulated: enabled.filter(({ simulated }) => simulated).length,
  };
}

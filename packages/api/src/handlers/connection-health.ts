import type { ConnectionCheckRow, ConnectionRow, EffectRow, EffectState, Reader } from '@counterpoint/events';

/** How a connection works, as far as anybody knows. */
export interface ConnectionHealth {
  readonly state: 'working' | 'failing' | 'untested' | 'disabled';
  readonly check: CheckView | null;
  readonly changes: { readonly succeeded: number; readonly failed: number; readonly unknown: number };
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly help: string;
}

interface CheckView {
  readonly at: number;
  readonly ok: boolean;
  readonly millis: number;
  readonly error: Failure | null;
  readonly principal: string;
}

const DAY = 86_400_000;
const LATEST = 10;

const SUCCEEDED: readonly EffectState[] = ['performed', 'undoing', 'undone', 'undo_failed', 'expired'];

/** Errors that say something about a connection, not about the request that met them. */
const OF_CONNECTION = new Set(
  ['unauthorized', 'forbidden', 'unavailable', 'timeout', 'bad_response', 'egress_denied'].map(
    (name) => `connector.${name}`,
  ),
);

/** An error as it was stored. */
export function failureView(error: unknown): Failure | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code = '', message = '', help = '' } = error as Partial<Failure>;
  return { code: String(code), message: String(message), help: String(help) };
}

function checkView(row: ConnectionCheckRow | undefined): CheckView | null {
  if (!row) return null;
  const { at, ok, millis, error, principal } = row;
  return { at, ok, millis, error: failureView(error), principal };
}

/** What an effect says about its connection; undefined: nothing. */
function evidence({ state, error }: EffectRow): boolean | undefined {
  if (SUCCEEDED.includes(state)) return true;
  const failure = failureView(error);
  return failure && OF_CONNECTION.has(failure.code) ? false : undefined;
}

function stateOf(
  { enabled, updated_at }: ConnectionRow,
  check: ConnectionCheckRow | undefined,
  effects: readonly EffectRow[],
): ConnectionHealth['state'] {
  if (!enabled) return 'disabled';
  const last = effects.find((effect) => evidence(effect) !== undefined);
  const judged = [
    ...(check ? [{ at: check.at, works: check.ok }] : []),
    ...(last ? [{ at: last.ended_at ?? last.performed_at ?? last.created_at, works: evidence(last) === true }] : []),
  ].toSorted((a, b) => b.at - a.at);
  const [newest] = judged;
  // What was found out before its settings changed says nothing about how it is now.
  if (!newest || newest.at < updated_at) return 'untested';
  return newest.works ? 'working' : 'failing';
}

/** The last changes that were asked for through a connection, newest first. */
export function lastEffects(reader: Reader, connection: string): Promise<readonly EffectRow[]> {
  const orderBy = [{ column: 'created_at', descending: true }] as const;
  return reader.find('effects', { where: { connection }, orderBy, limit: LATEST });
}

/** The health of connections, by their id. */
export async function healthOf(
  reader: Reader,
  rows: readonly ConnectionRow[],
  now: number,
): Promise<ReadonlyMap<string, ConnectionHealth>> {
  const ids = rows.map(({ id }) => id);
  const checks = await reader.find('connection_checks', { where: { id: { in: ids } }, limit: Math.max(1, ids.length) });
  const byId = new Map(checks.map((check) => [check.id, check]));
  const judged = rows.map(async (row) => {
    const check = byId.get(row.id);
    const effects = await lastEffects(reader, row.id);
    const changes = await changesOf(reader, row.id, now - DAY);
    return [row.id, { state: stateOf(row, check, effects), check: checkView(check), changes }] as const;
  });
  return new Map(await Promise.all(judged));
}

async function changesOf(reader: Reader, connection: string, since: number): Promise<ConnectionHealth['changes']> {
  const groups = await reader.tally('effects', { where: { connection, created_at: { gte: since } }, by: ['state'] });
  const sum = (states: readonly string[]) =>
    groups.filter(({ values }) => states.includes(String(values[0]))).reduce((total, { count }) => total + count, 0);
  return { succeeded: sum(SUCCEEDED), failed: sum(['failed']), unknown: sum(['unknown']) };
}

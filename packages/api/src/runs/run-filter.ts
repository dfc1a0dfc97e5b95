import { readObservable } from '@counterpoint/cases';
import { isCounterpointError } from '@counterpoint/core';
import type { Condition, Reader, RunRow, Where } from '@counterpoint/events';
import { refang } from '@counterpoint/formats';
import { errors } from '../errors.ts';
import type { ApiRequest } from '../handler-types.ts';
import { conditions } from '../paging.ts';

/** What a list of runs is asked for. */
export type RunListQuery = ApiRequest<'listRuns'>['query'];

/** Conditions of which a run must fit at least one; each kept apart, so that its own index serves it. */
type Alternatives = readonly Where<RunRow>[];

/** So many links, effects and playbooks are looked through. */
const MANY = 1_000;

/** What to look for: a run is wanted when it fits any of these. None: nothing can fit. @throws api.not_found for an alert or case that does not exist */
export async function wheresOf(reader: Reader, query: RunListQuery): Promise<Alternatives> {
  const groups: readonly Alternatives[] = await Promise.all([
    query.observable === undefined ? [{}] : withObservable(reader, query.observable),
    query.case === undefined ? [{}] : ofCase(reader, query.case),
    query.alert === undefined ? [{}] : ofAlert(reader, query.alert),
    query.q === undefined || query.q === '' ? [{}] : named(reader, query.q),
  ]);
  return groups.reduce(
    (found, group) => found.flatMap((one) => group.flatMap((other) => merged(one, other) ?? [])),
    [sharedWhere(query)],
  );
}

function sharedWhere(query: RunListQuery): Where<RunRow> {
  const { status, playbook, version, trigger_kind, error_code, since, until, simulated } = query;
  return conditions<RunRow>({
    status: status && { in: status },
    playbook,
    version,
    trigger_kind: trigger_kind && { in: trigger_kind },
    error_code,
    created_at: between(since, until),
    simulated: simulated === undefined ? undefined : simulated === 'true',
  });
}

function between(since: number | undefined, until: number | undefined): Condition<number> | undefined {
  if (since === undefined) return until === undefined ? undefined : { lt: until };
  return until === undefined ? { gte: since } : { gte: since, lt: until };
}

/** Runs of the stories that an observable plays a part in, and runs that work for a case that holds it. */
async function withObservable(reader: Reader, text: string): Promise<Alternatives> {
  const observable = observableIn(text);
  if (!observable) return [];
  const newest = { limit: MANY } as const;
  const [links, effects] = await Promise.all([
    reader.find('observable_links', {
      where: { observable: observable.id },
      orderBy: [{ column: 'at', descending: true }],
      ...newest,
    }),
    reader.find('effects', {
      where: { target: `${observable.type}:${observable.value}` },
      orderBy: [{ column: 'created_at', descending: true }],
      ...newest,
    }),
  ]);
  const traces = new Set([...links, ...effects].map(({ trace }) => trace));
  const cases = links.flatMap(({ subject }) => (subject.startsWith('case:') ? [subject.slice('case:'.length)] : []));
  return [
    ...(traces.size > 0 ? [{ trace: { in: [...traces] } }] : []),
    ...(cases.length > 0 ? [{ case_id: { in: cases } }] : []),
  ];
}

function observableIn(text: string) {
  try {
    return readObservable(refang(text.trim()));
  } catch (error) {
    if (isCounterpointError(error)) return undefined;
    throw error;
  }
}

async function ofCase(reader: Reader, id: string): Promise<Alternatives> {
  const row = await reader.get('cases', id);
  if (!row) throw errors.not_found({ kind: 'case', id });
  return [{ case_id: id }, { trace: row.trace }];
}

async function ofAlert(reader: Reader, id: string): Promise<Alternatives> {
  const row = await reader.get('alerts', id);
  if (!row) throw errors.not_found({ kind: 'alert', id });
  return [{ trace: row.trace }];
}

/** The beginning of an id, or text in the id or title of the playbook. */
async function named(reader: Reader, text: string): Promise<Alternatives> {
  const holding = { holding: [text] };
  const [byTitle, byId] = await Promise.all([
    reader.find('playbooks', { where: { title: holding }, limit: MANY }),
    reader.find('playbooks', { where: { id: holding }, limit: MANY }),
  ]);
  const playbooks = [...new Set([...byTitle, ...byId].map(({ id }) => id))];
  return [{ id: { prefix: text.toLowerCase() } }, ...(playbooks.length > 0 ? [{ playbook: { in: playbooks } }] : [])];
}

/** Both conditions together; undefined when nothing can fit both. */
function merged(one: Where<RunRow>, other: Where<RunRow>): Where<RunRow> | undefined {
  const both: Record<string, unknown> = { ...one };
  for (const [column, condition] of Object.entries(other)) {
    const standing = both[column];
    const values = standing === undefined ? undefined : common(standing, condition);
    if (values?.length === 0) return undefined;
    both[column] = values === undefined ? condition : { in: values };
  }
  return both as Where<RunRow>;
}

function common(one: unknown, other: unknown): readonly unknown[] {
  const [left, right] = [valuesOf(one), valuesOf(other)];
  return left.filter((value) => right.includes(value));
}

function valuesOf(condition: unknown): readonly unknown[] {
  const { in: values } = (typeof condition === 'object' && condition !== null ? condition : {}) as {
    readonly in?: readonly unknown[];
  };
  return values ?? [condition];
}

import { nameObservable, readObservable } from '@counterpoint/cases';
import { isCounterpointError } from '@counterpoint/core';
import type { Reader } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { parseTarget } from '../guard/target.ts';

const TRACE_ID = /^[0-9a-f]{32}$/;
const STORIES = 10;

/** The kinds of reference and the tables of what they name. */
const TABLES = {
  alert: 'alerts',
  run: 'runs',
  effect: 'effects',
  case: 'cases',
  event: 'outbox',
  raw: 'raw_inputs',
  claim: 'claims',
  decision: 'ingest_decisions',
  inbox: 'inbox_items',
  reaction_event: 'reaction_events',
  entry: 'case_entries',
  enrichment: 'enrichments',
} as const;

type Kind = keyof typeof TABLES;

function isKind(text: string): text is Kind {
  return Object.hasOwn(TABLES, text);
}

async function traceOf(reader: Reader, kind: Kind, id: string): Promise<string | undefined> {
  return (await reader.get(TABLES[kind], id))?.trace;
}

const newestOf = (rows: readonly { readonly trace: string }[]): readonly string[] =>
  [...new Set(rows.map(({ trace }) => trace))].slice(0, STORIES);

const LAST_EVENTS = 500;

/** What a participant said, among the last events of all, and what was changed through it. */
async function takenPartIn(reader: Reader, participant: string): Promise<readonly string[]> {
  const events = await reader.find('outbox', { orderBy: [{ column: 'id', descending: true }], limit: LAST_EVENTS });
  const effects = await reader.find('effects', {
    where: { connector: participant },
    orderBy: [{ column: 'created_at', descending: true }],
    limit: STORIES,
  });
  const said = events.filter((event) => event.participant === participant);
  const did = effects.map(({ created_at, trace }) => ({ at: created_at, trace }));
  return newestOf([...said, ...did].sort((a, b) => b.at - a.at));
}

async function runsOf(reader: Reader, playbook: string): Promise<readonly string[]> {
  const orderBy = [{ column: 'created_at', descending: true }] as const;
  return newestOf(await reader.find('runs', { where: { playbook }, orderBy, limit: STORIES }));
}

/** Kinds of what takes part in many stories, of which the newest are told. */
const LATELY = {
  participant: takenPartIn,
  playbook: runsOf,
  reaction: runsOf,
  observable: async (reader: Reader, id: string) => {
    const row = await reader.get('observables', id);
    return row ? await storiesOf(reader, row) : [];
  },
} as const;

/**
 * The traces that something belongs to, newest first; of what takes part in many (a playbook, a participant, an
 * observable) the ten newest.
 *
 * @throws actions.trace_not_found
 */
export async function findTraces(reader: Reader, ref: string): Promise<readonly string[]> {
  const text = ref.trim();
  const [kind = '', rest] = text.split(/:(.*)/s);
  if (rest !== undefined && isKind(kind)) {
    const trace = await traceOf(reader, kind, rest.split('/')[0] as string);
    if (trace !== undefined) return [trace];
  } else if (rest !== undefined && Object.hasOwn(LATELY, kind)) {
    const found = await LATELY[kind as keyof typeof LATELY](reader, rest);
    if (found.length > 0) return found;
  } else if (TRACE_ID.test(text)) return [text];
  else if (/^[0-9a-f-]{36}$/.test(text)) {
    const found = await Promise.all((Object.keys(TABLES) as Kind[]).map((one) => traceOf(reader, one, text)));
    const trace = found.find((one) => one !== undefined);
    if (trace !== undefined) return [trace];
  }
  const traces = await tracesOfValue(reader, text);
  if (traces.length === 0) throw errors.trace_not_found({ ref: text });
  return traces;
}

function observableIn(text: string) {
  try {
    const { type, value } = parseTarget(text);
    return text.includes('://') || type === '' || value === '' ? readObservable(text) : nameObservable(type, value);
  } catch (error) {
    if (isCounterpointError(error)) return undefined;
    throw error;
  }
}

async function tracesOfValue(reader: Reader, text: string): Promise<readonly string[]> {
  const observable = observableIn(text) ?? observableIn(text.slice(text.indexOf(':') + 1));
  return observable ? await storiesOf(reader, observable) : [];
}

/** The stories that an observable plays a part in: alerts and cases that it was seen in, effects that it is the target of. */
async function storiesOf(
  reader: Reader,
  observable: { readonly id: string; readonly type: string; readonly value: string },
): Promise<readonly string[]> {
  const newest = { limit: STORIES } as const;
  const links = await reader.find('observable_links', {
    where: { observable: observable.id },
    orderBy: [{ column: 'at', descending: true }],
    ...newest,
  });
  const effects = await reader.find('effects', {
    where: { target: `${observable.type}:${observable.value}` },
    orderBy: [{ column: 'created_at', descending: true }],
    ...newest,
  });
  const found = [
    ...links.map((link) => ({ at: link.at, trace: link.trace })),
    ...effects.map((effect) => ({ at: effect.created_at, trace: effect.trace })),
  ].sort((a, b) => b.at - a.at);
  return [...new Set(found.map((one) => one.trace))].slice(0, STORIES);
}

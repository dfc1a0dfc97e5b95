import { effectWords } from '@counterpoint/actions';
import { observablesLike } from '@counterpoint/cases';
import type { searchKinds } from '@counterpoint/contracts';
import type { Condition, EffectRow, OutboxRow, Query, Rows, RunRow, Store } from '@counterpoint/events';
import { defang } from '@counterpoint/formats';
import type { Permission } from '@counterpoint/identity';
import type { SearchServices } from './search-services.ts';
import { holdsWords, looksForWords, type Sought } from './sought.ts';
import type { Titled, TitleWindow } from './title-window.ts';

/** One thing that was found. */
export interface Found {
  readonly ref: string;
  readonly title: string;
  readonly detail: string;
}

/** How things of one kind are found, and what somebody must be allowed to be told of them. */
export interface Finder {
  readonly kind: (typeof searchKinds)[number];
  readonly permission: Permission;
  /** The table whose titles it searches, only as far back as {@link Looking.since} says. */
  readonly titles?: Titled;
  find(sought: Sought, looking: Looking): Promise<readonly Found[]>;
}

/** What is looked through, and how far back. */
export interface Looking extends SearchServices {
  readonly since: TitleWindow;
}

/** At most so many of each kind. */
export const MOST_FOUND = 8;
/** Tables that grow with what is set up, not with what happens: they are looked through as a whole. */
const SMALL = 1_000;

type Keyed = 'alerts' | 'cases' | 'runs' | 'effects' | 'outbox';

/** The rows whose id begins so: a range of the primary key. */
async function byId<Table extends Keyed>(store: Store, table: Table, { id }: Sought): Promise<readonly Rows[Table][]> {
  if (id === '') return [];
  const query = { where: { id: { prefix: id } as Condition<string> }, limit: MOST_FOUND };
  return store.find(table, query as unknown as Query<Rows[Table]>);
}

/** The newest rows whose titles hold every word, as far back as titles are searched. */
async function byTitle<Table extends Titled>({ store, since }: Looking, table: Table, sought: Sought) {
  if (!looksForWords(sought)) return [] as readonly Rows[Table][];
  const { words } = sought;
  const query: Query<Rows['cases']> = {
    where: { title: { holding: words }, created_at: { gte: await since(table) } },
    orderBy: [{ column: 'created_at', descending: true }],
    limit: MOST_FOUND,
  };
  return store.find(table, query as unknown as Query<Rows[Table]>);
}

/** The newest alerts or cases that an observable was seen in. */
async function bySight<Table extends 'alerts' | 'cases'>(store: Store, table: Table, { observable }: Sought) {
  if (!observable) return [];
  const prefix = table === 'alerts' ? 'alert:' : 'case:';
  const links = await store.find('observable_links', {
    where: { observable: observable.id },
    orderBy: [{ column: 'at', descending: true }],
    limit: MOST_FOUND * 8,
  });
  const ids = links.flatMap(({ subject }) => (subject.startsWith(prefix) ? [subject.slice(prefix.length)] : []));
  const query = { where: { id: { in: ids.slice(0, MOST_FOUND) } }, limit: MOST_FOUND };
  return ids.length === 0 ? [] : store.find(table, query as unknown as Query<Rows[Table]>);
}

function day(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function finderOf<Table extends 'alerts' | 'cases'>(table: Table, kind: 'alert' | 'case'): Finder {
  return {
    kind,
    permission: `${kind}:read`,
    titles: table,
    async find(sought, looking) {
      const { store } = looking;
      const found = await Promise.all([
        byId(store, table, sought),
        bySight(store, table, sought),
        byTitle(looking, table, sought),
      ]);
      const rows = found.flat() as readonly (Rows['alerts'] | Rows['cases'])[];
      return rows.map(({ id, title, status, created_at }) => ({
        ref: `${kind}:${id}`,
        title,
        detail: `${status.replaceAll('_', ' ')} · ${day(created_at)}`,
      }));
    },
  };
}

const observables: Finder = {
  kind: 'observable',
  permission: 'alert:read',
  async find({ typed, observable }, { store }) {
    const exact = observable && (await store.get('observables', observable.id));
    const like = await observablesLike(store, observable?.type === 'domain-name' ? `*.${typed}` : typed, MOST_FOUND);
    const rows = new Map([...(exact ? [exact] : []), ...like].map((row) => [row.id, row]));
    return [...rows.values()].map(({ type, value }) => ({
      // By its value: what is shown under this reference is called by it.
      ref: `${type}:${value}`,
      title: defang(value, type as Parameters<typeof defang>[1]),
      detail: `${type} · everything that it played a part in`,
    }));
  },
};

function foundRun({ id, playbook, status, created_at }: RunRow): Found {
  return { ref: `run:${id}`, title: playbook, detail: `${status} · ${day(created_at)}` };
}

const runs: Finder = {
  kind: 'run',
  permission: 'run:read',
  find: async (sought, { store }) => (await byId(store, 'runs', sought)).map(foundRun),
};

const effects: Finder = {
  kind: 'effect',
  permission: 'effect:read',
  async find(sought, services) {
    const { store } = services;
    const { observable } = sought;
    const target: Query<EffectRow> = {
      where: { target: `${observable?.type}:${observable?.value}`, undo_of: '' },
      orderBy: [{ column: 'created_at', descending: true }],
      limit: MOST_FOUND,
    };
    const rows = [
      ...(await byId(store, 'effects', sought)),
      ...(observable ? await store.find('effects', target) : []),
    ];
    const words = await effectWords(services, rows);
    return rows.map((row) => ({
      ref: `effect:${row.id}`,
      title: words.title(row),
      detail: `${row.state.replaceAll('_', ' ')} · ${day(row.created_at)}`,
    }));
  },
};

const events: Finder = {
  kind: 'event',
  permission: 'fabric:read',
  find: async (sought, { store }) =>
    (await byId(store, 'outbox', sought)).map(({ id, topic, participant, at }: OutboxRow) => ({
      ref: `event:${id}`,
      title: topic,
      detail: `from ${participant} · ${day(at)}`,
    })),
};

function playbooksOf(kind: 'playbook' | 'reaction'): Finder {
  return {
    kind,
    permission: kind === 'playbook' ? 'playbook:read' : 'fabric:read',
    async find(sought, { store }) {
      const rows = await store.find('playbooks', { where: { kind }, limit: SMALL });
      const fitting = rows.filter(({ id, title }) => holdsWords(sought, id, title));
      return fitting.map(({ id, title, enabled }) => ({
        ref: `${kind}:${id}`,
        title,
        detail: enabled ? id : `${id} · off`,
      }));
    },
  };
}

const topics: Finder = {
  kind: 'topic',
  permission: 'fabric:read',
  find: async (sought, services) =>
    [...services.topics.values()]
      .filter(({ topic, title }) => holdsWords(sought, topic, title))
      .map(({ topic, title }) => ({ ref: `topic:${topic}`, title: topic, detail: title })),
};

const connectors: Finder = {
  kind: 'connector',
  permission: 'connection:read',
  find: async (sought, services) =>
    [...services.connectors]
      .filter(([id, { manifest }]) => holdsWords(sought, id, manifest.title, manifest.vendor))
      .map(([id, { manifest }]) => ({ ref: `connector:${id}`, title: manifest.title, detail: manifest.vendor })),
};

const participants: Finder = {
  kind: 'participant',
  permission: 'fabric:read',
  async find(sought, { store }) {
    const rows = await store.find('participants', { limit: SMALL });
    const fitting = rows.filter(({ id, title }) => holdsWords(sought, id, title));
    return fitting.map(({ id, title, state }) => ({ ref: `participant:${id}`, title, detail: `${id} · ${state}` }));
  },
};

const connections: Finder = {
  kind: 'connection',
  permission: 'connection:read',
  async find(sought, { store }) {
    const rows = await store.find('connections', { limit: SMALL });
    const fitting = rows.filter(({ id, title, connector }) => holdsWords(sought, id, title, connector));
    return fitting.map(({ id, title, connector }) => ({ ref: `connection:${id}`, title, detail: connector }));
  },
};

const sources: Finder = {
  kind: 'source',
  permission: 'source:read',
  async find(sought, { store }) {
    const rows = await store.find('sources', { limit: SMALL });
    const fitting = rows.filter(({ id, title }) => holdsWords(sought, id, title));
    return fitting.map(({ id, title, kind }) => ({ ref: `source:${id}`, title, detail: kind }));
  },
};

/** Every finder, in the order in which its finds are answered. */
export const FINDERS: readonly Finder[] = [
  observables,
  finderOf('alerts', 'alert'),
  finderOf('cases', 'case'),
  runs,
  playbooksOf('playbook'),
  playbooksOf('reaction'),
  effects,
  events,
  topics,
  participants,
  connectors,
  connections,
  sources,
];

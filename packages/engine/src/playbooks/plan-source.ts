import { isCounterpointError } from '@counterpoint/core';
import type { Change, PlaybookRow, PlaybookVersionRow, Store } from '@counterpoint/events';
import { compilePlaybook, type Names } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type {
  EventTrigger,
  PageTrigger,
  PlanSource,
  PublishedPlan,
  PublishedTrigger,
  ScheduleTrigger,
  WebhookTrigger,
} from './published.ts';

/** The topic that alert triggers listen to. */
const ALERT_CREATED = 'alert.created.v1';
/** The topic that case triggers listen to. */
const CASE_CHANGED = 'case.changed.v1';
const PAGE = 500;

/** What {@link createPlanSource} needs. */
export interface PlanSourceOptions {
  readonly store: Store;
  /** What a principal may do now; playbooks act with the rights of whoever published them. */
  readonly permissionsOf: (principal: string) => Promise<ReadonlySet<string>>;
  /** Tells connectors from capabilities in `uses`; connections are looked up in the store. */
  readonly names?: Omit<Names, 'connections'>;
  /** Told of a published playbook that cannot be compiled any more; it starts no runs. */
  readonly onProblem?: (playbook: string, error: unknown) => void;
}

/** The plans of a store. */
export interface StoredPlanSource extends PlanSource {
  /**
   * Looks at the store again: other processes may have published, or changed connections. What this process does is
   * noticed by itself.
   */
  refresh(): void;
  /** Stops listening to the store. */
  close(): void;
}

/** What is current. */
interface Current {
  readonly plans: ReadonlyMap<string, PublishedPlan>;
  readonly topics: ReadonlyMap<string, readonly PublishedTrigger<EventTrigger>[]>;
  readonly reactions: ReadonlyMap<string, readonly PublishedPlan[]>;
  readonly webhooks: ReadonlyMap<string, PublishedTrigger<WebhookTrigger>>;
  readonly pages: ReadonlyMap<string, PublishedTrigger<PageTrigger>>;
  readonly schedules: readonly PublishedTrigger<ScheduleTrigger>[];
}

/** As {@link Current}, while it is being gathered. */
interface Gathered {
  readonly plans: Map<string, PublishedPlan>;
  readonly topics: Map<string, PublishedTrigger<EventTrigger>[]>;
  readonly reactions: Map<string, PublishedPlan[]>;
  readonly webhooks: Map<string, PublishedTrigger<WebhookTrigger>>;
  readonly pages: Map<string, PublishedTrigger<PageTrigger>>;
  readonly schedules: PublishedTrigger<ScheduleTrigger>[];
}

/** Compiles the versions of a store, each once, and indexes the triggers of the current ones. */
export function createPlanSource(options: PlanSourceOptions): StoredPlanSource {
  const { store } = options;
  const compiled = new Map<string, Promise<PublishedPlan>>();
  /** Versions whose plan depends on connections as they were when it was compiled. */
  const bound = new Set<string>();
  let current: Promise<Current> | undefined;

  const byVersion = (version: string): Promise<PublishedPlan> => {
    const known = compiled.get(version);
    if (known) return known;
    const plan = readVersion(options, version, () => bound.add(version));
    compiled.set(version, plan);
    plan.catch(() => compiled.delete(version));
    return plan;
  };
  const load = (): Promise<Current> => {
    if (current) return current;
    const loading = loadCurrent(options, byVersion);
    current = loading;
    loading.catch(() => {
      if (current === loading) current = undefined;
    });
    return loading;
  };
  const refresh = (): void => {
    for (const version of bound) compiled.delete(version);
    bound.clear();
    current = undefined;
  };
  const close = store.onCommitted((change) => {
    const rebound = bound.size > 0 && touches(change, 'connections');
    if (rebound || touches(change, 'playbooks')) refresh();
  });

  return {
    byVersion,
    async current(playbook) {
      const plan = (await load()).plans.get(playbook);
      if (!plan) throw errors.playbook_unknown({ playbook });
      return plan;
    },
    forTopic: async (topic) => (await load()).topics.get(topic) ?? [],
    reactionsTo: async (topic) => (await load()).reactions.get(topic) ?? [],
    forWebhook: async (path) => (await load()).webhooks.get(path),
    forPage: async (path) => (await load()).pages.get(path),
    schedules: async () => (await load()).schedules,
    refresh,
    close,
  };
}

function touches(change: Change, table: 'playbooks' | 'connections'): boolean {
  return change.rows?.some((write) => write.table === table) ?? false;
}

/** Compiles a version; `onBound` is called before connections are looked at, so that no change of them is missed. */
async function readVersion(
  { store, names, permissionsOf }: PlanSourceOptions,
  version: string,
  onBound: () => void,
): Promise<PublishedPlan> {
  const row = await store.get('playbook_versions', version);
  if (!row) throw errors.version_unknown({ version });
  const known = { connectors: new Map(), capabilities: new Map(), ...names };
  const permissions = () => permissionsOf(row.principal);
  const plan = compileVersion(row, { ...known, connections: undefined });
  const unknown = Object.values(plan.uses).flatMap((use) =>
    use.kind === 'connection' && use.connector === '' ? use.connection : [],
  );
  if (unknown.length === 0) return { plan, permissions };
  onBound();
  const rows = await Promise.all(unknown.map((id) => store.get('connections', id)));
  const connections = new Map(rows.flatMap((one) => (one ? [[one.id, one] as const] : [])));
  return { plan: compileVersion(row, { ...known, connections }), permissions };
}

function compileVersion(row: PlaybookVersionRow, names: Names): PublishedPlan['plan'] {
  const { plan, findings } = compilePlaybook(row.source, { names });
  if (plan) return plan;
  const broken = findings.filter((finding) => finding.severity === 'error');
  const [first] = broken;
  throw errors.playbook_invalid({
    count: broken.length,
    line: first?.position.line ?? 1,
    reason: first?.message ?? 'it cannot be read',
  });
}

async function loadCurrent(
  { store, onProblem }: PlanSourceOptions,
  byVersion: (version: string) => Promise<PublishedPlan>,
): Promise<Current> {
  const gathered: Gathered = {
    plans: new Map(),
    topics: new Map(),
    reactions: new Map(),
    webhooks: new Map(),
    pages: new Map(),
    schedules: [],
  };
  for (const row of await enabledPlaybooks(store)) {
    try {
      const published = await byVersion(row.current);
      gathered.plans.set(row.id, published);
      addTriggers(published, gathered);
    } catch (error) {
      // The store is in trouble, and the playbook is not: whoever asks asks again, rather than do without it.
      if (isCounterpointError(error) && error.code.startsWith('events.store_')) throw error;
      onProblem?.(row.id, error);
    }
  }
  return gathered;
}

async function enabledPlaybooks(store: Store): Promise<readonly PlaybookRow[]> {
  const all: PlaybookRow[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await store.find('playbooks', {
      where: { enabled: true },
      limit: PAGE,
      ...(last ? { after: [last.id] } : {}),
    });
    all.push(...page);
    if (page.length < PAGE) return all;
  }
}

function addTriggers(published: PublishedPlan, { topics, reactions, webhooks, pages, schedules }: Gathered): void {
  const { reaction } = published.plan;
  if (reaction) {
    reactions.set(reaction.topic, [...(reactions.get(reaction.topic) ?? []), published]);
    return;
  }
  for (const trigger of published.plan.triggers) {
    if (trigger.kind === 'webhook') webhooks.set(trigger.path, { published, trigger });
    else if (trigger.kind === 'page') pages.set(trigger.path, { published, trigger });
    else if (trigger.kind === 'schedule') schedules.push({ published, trigger });
    else if (trigger.kind !== 'manual') {
      const topic = topicOf(trigger);
      topics.set(topic, [...(topics.get(topic) ?? []), { published, trigger }]);
    }
  }
}

function topicOf(trigger: EventTrigger): string {
  if (trigger.kind === 'topic') return trigger.topic;
  return trigger.kind === 'alert' ? ALERT_CREATED : CASE_CHANGED;
}

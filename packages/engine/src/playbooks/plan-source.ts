import type { Change, PlaybookRow, PlaybookVersionRow, Store } from '@counterpoint/events';
import { compilePlaybook, type Names } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { EventTrigger, PlanSource, PublishedPlan, PublishedTrigger, WebhookTrigger } from './published.ts';

/** The topic that alert triggers listen to. */
const ALERT_CREATED = 'alert.created.v1';
const PAGE = 500;

/** What {@link createPlanSource} needs. */
export interface PlanSourceOptions {
  readonly store: Store;
  /** What a principal may do now; playbooks act with the rights of whoever published them. */
  readonly permissionsOf: (principal: string) => Promise<ReadonlySet<string>>;
  /** Tells connectors from capabilities in `uses`. */
  readonly names?: Names;
  /** Told of a published playbook that cannot be compiled any more; it starts no runs. */
  readonly onProblem?: (playbook: string, error: unknown) => void;
}

/** The plans of a store. */
export interface StoredPlanSource extends PlanSource {
  /** Looks at the store again: other processes may have published. What this process publishes is noticed by itself. */
  refresh(): void;
  /** Stops listening to the store. */
  close(): void;
}

/** What is current. */
interface Current {
  readonly plans: ReadonlyMap<string, PublishedPlan>;
  readonly topics: ReadonlyMap<string, readonly PublishedTrigger<EventTrigger>[]>;
  readonly webhooks: ReadonlyMap<string, PublishedTrigger<WebhookTrigger>>;
}

/** Compiles the versions of a store, each once, and indexes the triggers of the current ones. */
export function createPlanSource(options: PlanSourceOptions): StoredPlanSource {
  const { store } = options;
  const compiled = new Map<string, Promise<PublishedPlan>>();
  let current: Promise<Current> | undefined;

  const byVersion = (version: string): Promise<PublishedPlan> => {
    const known = compiled.get(version);
    if (known) return known;
    const plan = readVersion(options, version);
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
    current = undefined;
  };
  const close = store.onCommitted((change) => {
    if (touchesPlaybooks(change)) refresh();
  });

  return {
    byVersion,
    async current(playbook) {
      const plan = (await load()).plans.get(playbook);
      if (!plan) throw errors.playbook_unknown({ playbook });
      return plan;
    },
    forTopic: async (topic) => (await load()).topics.get(topic) ?? [],
    forWebhook: async (path) => (await load()).webhooks.get(path),
    refresh,
    close,
  };
}

function touchesPlaybooks(change: Change): boolean {
  return change.rows?.some((write) => write.table === 'playbooks') ?? false;
}

async function readVersion(
  { store, names, permissionsOf }: PlanSourceOptions,
  version: string,
): Promise<PublishedPlan> {
  const row = await store.get('playbook_versions', version);
  if (!row) throw errors.version_unknown({ version });
  const plan = compileVersion(row, names);
  return { plan, permissions: () => permissionsOf(row.principal) };
}

function compileVersion(row: PlaybookVersionRow, names: Names | undefined): PublishedPlan['plan'] {
  const { plan, findings } = compilePlaybook(row.source, names ? { names } : {});
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
  const plans = new Map<string, PublishedPlan>();
  const topics = new Map<string, PublishedTrigger<EventTrigger>[]>();
  const webhooks = new Map<string, PublishedTrigger<WebhookTrigger>>();
  for (const row of await enabledPlaybooks(store)) {
    try {
      const published = await byVersion(row.current);
      plans.set(row.id, published);
      addTriggers(published, topics, webhooks);
    } catch (error) {
      onProblem?.(row.id, error);
    }
  }
  return { plans, topics, webhooks };
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

function addTriggers(
  published: PublishedPlan,
  topics: Map<string, PublishedTrigger<EventTrigger>[]>,
  webhooks: Map<string, PublishedTrigger<WebhookTrigger>>,
): void {
  for (const trigger of published.plan.triggers) {
    if (trigger.kind === 'webhook') webhooks.set(trigger.path, { published, trigger });
    if (trigger.kind !== 'topic' && trigger.kind !== 'alert') continue;
    const topic = trigger.kind === 'alert' ? ALERT_CREATED : trigger.topic;
    topics.set(topic, [...(topics.get(topic) ?? []), { published, trigger }]);
  }
}

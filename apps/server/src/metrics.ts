import type { Change, ConsumerStanding, EventLog, Store } from '@counterpoint/events';

/** The Prometheus metrics of this process. */
export interface Metrics {
  /** The text exposition format, and its content type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
  stop(): void;
}

const COUNTERS = {
  runs: { name: 'counterpoint_run_status_total', help: 'Status changes of runs', labelNames: ['status'] },
  effects: {
    name: 'counterpoint_effect_state_total',
    help: 'State changes of effects',
    labelNames: ['connector', 'state'],
  },
  decisions: {
    name: 'counterpoint_ingest_decisions_total',
    help: 'What became of the items that came in',
    labelNames: ['source', 'decision'],
  },
} as const;

/** How often something happened, by the values of its labels. */
type Tally = Map<string, { readonly values: readonly string[]; count: number }>;
type Tallies = Readonly<Record<keyof typeof COUNTERS, Tally>>;

function count(tally: Tally, ...values: readonly string[]): void {
  const key = values.join('\n');
  const known = tally.get(key);
  if (known) known.count += 1;
  else tally.set(key, { values, count: 1 });
}

function countChange(change: Change, tallies: Tallies): void {
  for (const write of change.runs ?? []) {
    const status = write.op === 'create' ? write.row.status : write.op === 'advance' ? write.set.status : undefined;
    if (status !== undefined) count(tallies.runs, status);
  }
  for (const write of change.rows ?? []) {
    if (write.op === 'delete') continue;
    if (write.table === 'effects') count(tallies.effects, write.row.connector, write.row.state);
    if (write.table === 'ingest_decisions') count(tallies.decisions, write.row.source, write.row.decision);
  }
}

/** How the consumers of the event log stand, by what is asked of each. */
const STANDINGS = {
  behind: { name: 'counterpoint_consumer_behind', help: 'Events between a consumer and the end of the event log' },
  retrying: {
    name: 'counterpoint_consumer_retrying',
    help: 'Events that a consumer tries again, or that wait behind such',
  },
  dead: { name: 'counterpoint_consumer_dead', help: 'Events that a consumer gave up' },
} as const;

type Standings = Pick<EventLog, 'standings'>;

/** How the consumers stand; none while the log is away. */
function standingsOf(log: Standings): Promise<readonly ConsumerStanding[]> {
  return log.standings().catch(() => []);
}

/** Makes the registry; its library is loaded only now, since many a server is never asked for its metrics. */
async function makeRegistry(store: Store, log: Standings, tallies: Tallies) {
  const { Counter, collectDefaultMetrics, Gauge, Registry } = await import('prom-client');
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  for (const [name, { labelNames, ...about }] of Object.entries(COUNTERS)) {
    const tally = tallies[name as keyof typeof COUNTERS];
    new Counter({
      ...about,
      labelNames: [...labelNames],
      registers,
      collect() {
        this.reset();
        for (const { values, count } of tally.values()) this.labels(...values).inc(count);
      },
    });
  }
  new Gauge({
    name: 'counterpoint_outbox_pending',
    help: 'Events that wait for their place in the event log',
    registers,
    async collect() {
      this.set(await store.count('outbox', { state: 'pending' }));
    },
  });
  for (const [key, about] of Object.entries(STANDINGS)) {
    new Gauge({
      ...about,
      labelNames: ['consumer'],
      registers,
      async collect() {
        this.reset();
        for (const one of await standingsOf(log)) this.labels(one.name).set(one[key as keyof typeof STANDINGS]);
      },
    });
  }
  return registry;
}

/** Collects metrics from what this process commits, and from the store when it is asked. */
export function createMetrics(store: Store, log: Standings): Metrics {
  const tallies: Tallies = { runs: new Map(), effects: new Map(), decisions: new Map() };
  const stop = store.onCommitted((change) => countChange(change, tallies));
  let registry: ReturnType<typeof makeRegistry> | undefined;
  return {
    async render() {
      registry ??= makeRegistry(store, log, tallies);
      const made = await registry;
      return { contentType: made.contentType, text: await made.metrics() };
    },
    stop,
  };
}

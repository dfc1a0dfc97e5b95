import type { Change, Store } from '@counterpoint/events';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The Prometheus metrics of this process. */
export interface Metrics {
  /** The text exposition format, and its content type. */
  render(): Promise<{ readonly contentType: string; readonly text: string }>;
  stop(): void;
}

function countChange(change: Change, counters: Readonly<Record<'runs' | 'effects' | 'decisions', Counter>>): void {
  for (const write of change.runs ?? []) {
    const status = write.op === 'create' ? write.row.status : write.op === 'advance' ? write.set.status : undefined;
    if (status !== undefined) counters.runs.inc({ status });
  }
  for (const write of change.rows ?? []) {
    if (write.op === 'delete') continue;
    if (write.table === 'effects') counters.effects.inc({ connector: write.row.connector, state: write.row.state });
    if (write.table === 'ingest_decisions') {
      counters.decisions.inc({ source: write.row.source, decision: write.row.decision });
    }
  }
}

/** Collects metrics from what this process commits, and from the store when it is asked. */
export function createMetrics(store: Store): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counters = {
    runs: new Counter({
      name: 'counterpoint_run_status_total',
      help: 'Status changes of runs',
      labelNames: ['status'],
      registers,
    }),
    effects: new Counter({
      name: 'counterpoint_effect_state_total',
      help: 'State changes of effects',
      labelNames: ['connector', 'state'],
      registers,
    }),
    decisions: new Counter({
      name: 'counterpoint_ingest_decisions_total',
      help: 'What became of the items that came in',
      labelNames: ['source', 'decision'],
      registers,
    }),
  };
  new Gauge({
    name: 'counterpoint_outbox_pending',
    help: 'Events that wait for their subscribers',
    registers,
    async collect() {
      this.set(await store.count('outbox', { state: 'pending' }));
    },
  });
  const stop = store.onCommitted((change) => countChange(change, counters));
  return {
    async render() {
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
    stop,
  };
}

import type { Json, JsonObject } from '@counterpoint/core';
import type { JournalRow, Reader, RunRow } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { upcast } from '../interpreter/entries.ts';
import type { ErrorValue } from '../interpreter/error-value.ts';
import { fansOut, TARGET, type Target } from '../interpreter/fan-out.ts';
import { splitAddress } from '../interpreter/state.ts';
import { createStepObserver, type ObservedStep } from './observe.ts';
import type { StagedEvent } from './world.ts';

/** What is recorded of a step that reached out of the interpreter. */
export interface RecordedStep {
  readonly address: string;
  readonly input: JsonObject | null;
  /** `begun`: its end is not recorded. */
  readonly status: ObservedStep['status'];
  readonly output: Json;
  readonly error: ErrorValue | undefined;
}

/** A run as it took place. */
export interface Recording {
  readonly row: RunRow;
  /** The version that it ran on. */
  readonly plan: Plan;
  readonly steps: readonly ObservedStep[];
  /** By address. */
  readonly answers: ReadonlyMap<string, RecordedStep>;
  /** What tables held, by table and key with a tab between. */
  readonly rows: ReadonlyMap<string, Json>;
  readonly events: readonly StagedEvent[];
  /** Who provided a capability, by its name, where a step acted at every provider. */
  readonly targets: ReadonlyMap<string, readonly Target[]>;
}

const PAGE = 1_000;

/**
 * Reads what a run's journal says of it.
 *
 * @param reader gives large values whole
 * @throws engine.journal_unreadable, engine.value_missing
 */
export async function readRecording(reader: Reader, row: RunRow, plan: Plan): Promise<Recording> {
  const observer = createStepObserver();
  const answers = new Map<string, RecordedStep>();
  const rows = new Map<string, Json>();
  const events: StagedEvent[] = [];
  const targets = new Map<string, readonly Target[]>();
  for await (const entryRow of journalOf(reader, row.id)) {
    const entry = upcast(entryRow);
    const { address } = entry;
    observer.add(entry);
    if (entry.kind === 'step_started') {
      const { input } = entry.data;
      answers.set(address, { address, input, status: 'begun', output: null, error: undefined });
    } else if (entry.kind === 'step_ended') {
      const { status, output = null, error } = entry.data;
      const begun = answers.get(address);
      if (begun) answers.set(address, { ...begun, status, output, error });
      const event = eventOf(plan, address, output, entryRow.at - row.created_at);
      if (event) events.push(event);
    } else if (entry.kind === 'foreach_entered' && entry.data.as === TARGET) {
      const step = plan.byId.get(splitAddress(address).id);
      const use = step && fansOut(plan, step);
      if (use) targets.set(use.capability, entry.data.items as readonly Target[]);
    } else if (entry.kind === 'looked_up') {
      for (const { table, key, value } of entry.data.rows) rows.set(`${table}\t${key}`, value);
    }
  }
  return { row, plan, steps: observer.steps(), answers, rows, events, targets };
}

async function* journalOf(reader: Reader, run: string): AsyncGenerator<JournalRow> {
  for (let seq = 0; ; ) {
    const rows = await reader.find('journal', {
      where: { run, seq: { gt: seq } },
      orderBy: [{ column: 'seq' }],
      limit: PAGE,
    });
    yield* rows;
    seq = rows.at(-1)?.seq ?? seq;
    if (rows.length < PAGE) return;
  }
}

/** The event that ended a wait. */
function eventOf(plan: Plan, address: string, output: Json, after: number): StagedEvent | undefined {
  const step = plan.byId.get(splitAddress(address).id);
  if (step?.verb !== 'wait' || output === null || typeof output !== 'object' || !('event' in output)) return undefined;
  const { first, event } = output as { readonly first?: Json; readonly event: Json };
  const only = Object.values(step.any);
  const condition = only.length === 1 ? only[0] : step.any[String(first)];
  return condition?.kind === 'topic' ? { topic: condition.topic, data: event, after: Math.max(0, after) } : undefined;
}

import { isCounterpointError, newTraceId } from '@counterpoint/core';
import { errorValue } from '../interpreter/error-value.ts';
import type { DryCall, DryQuestion, DryRun, DryRunRequest, DryRunServices } from './dry-types.ts';
import { createDryWorld } from './dry-world.ts';
import type { ObservedRun } from './observe.ts';
import { perform } from './perform.ts';
import { newRecord } from './record.ts';
import { notStarted } from './rehearse.ts';
import { startTrigger } from './start-trigger.ts';

/**
 * Plays a playbook without changing anything: actions that read ask the products, all others answer as they did last or
 * as their schema says, what they would have sent is told together with what the guard says to it. Waits pass at once.
 * Nothing is written.
 */
export async function dryRun(services: DryRunServices, request: DryRunRequest): Promise<DryRun> {
  const { plan, event, inputs, now } = request;
  const start = startTrigger(plan, event, request.trigger, now, inputs);
  const nothing = { calls: [], questions: [], published: [], undone: [] };
  if (start.kind === 'refused') return { run: notStarted(start.reason), ...nothing };
  const record = newRecord();
  const calls: DryCall[] = [];
  const questions: DryQuestion[] = [];
  const trace = newTraceId();
  const world = createDryWorld(services, request, { calls, questions, trace });
  const { checkEvent, windows, bindAll: targets } = services;
  const opening = { plan, inputs, event: event ?? null, now, run: `dry-${trace}`, startedBy: request.principal };
  try {
    const run = await perform({ ...opening, checkEvent, windows, targets }, world, record);
    return { run, calls, questions, published: record.published, undone: [...record.undone] };
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    const run: ObservedRun = { status: 'not_started', error: errorValue(error, ''), outputs: null, steps: [] };
    return { run, ...nothing };
  }
}

import type { JsonObject } from '@counterpoint/core';
import { incompatibilities } from '../operate/compatible.ts';
import { clearTimer, type Deciding, emit, kindOf, stepOf } from './deciding.ts';
import type { Steered } from './entries.ts';
import { cancelWithin, clearTimersOf, goOn } from './flow.ts';
import type { Happening } from './happening.ts';
import type { OpenStep } from './state.ts';

type Of<Kind extends Happening['kind']> = Extract<Happening, { kind: Kind }>;

/** What is decided about at once while a run is paused; everything else waits until it goes on. */
const AT_ONCE: ReadonlySet<Happening['kind']> = new Set<Happening['kind']>([
  'start',
  'continue',
  'settled',
  'lost',
  'recovered',
  'cancel',
  'resolved',
  'defect',
  'pause',
  'resume',
  'retry',
  'skip',
  'migrate',
]);

/**
 * Whether a happening is held because the run is paused, and if so records it. Calls under way still end, and work that
 * a product does by itself is still asked after; attempts, time-outs, events and answers of people wait.
 */
export function heldBack(d: Deciding, happening: Happening): boolean {
  if (!d.state.paused || AT_ONCE.has(happening.kind)) return false;
  if (happening.kind === 'timer_due') {
    if (happening.timer === 'poll') return false;
    clearTimer(d, happening.address, happening.timer);
  }
  const text = JSON.stringify(happening);
  if (d.state.held.some((one) => JSON.stringify(one) === text)) return true;
  emit(d, { kind: 'happening_held', address: '', data: { happening: happening as unknown as JsonObject } });
  return true;
}

/** Whether the run has carried out this request before. */
function isRepeated(d: Deciding, { request }: Steered): boolean {
  return request !== '' && d.state.requests.has(request);
}

function steeredBy({ principal, reason, request }: Steered): Steered {
  return { principal, reason, request };
}

/** `pause`: no step begins any more. */
export function pause(d: Deciding, happening: Of<'pause'>): void {
  if (d.state.paused || isRepeated(d, happening)) return;
  emit(d, { kind: 'run_paused', address: '', data: steeredBy(happening) });
}

/** `resume`: ends a pause; gives what arrived in the meantime, in order. */
export function resume(d: Deciding, happening: Of<'resume'>): readonly Happening[] | undefined {
  if (!d.state.paused || isRepeated(d, happening)) return undefined;
  const held = d.state.held.slice();
  emit(d, { kind: 'run_resumed', address: '', data: steeredBy(happening) });
  return held;
}

/** `retry`: an open step leaves what it is doing and begins anew. */
export function retry(d: Deciding, happening: Of<'retry'>): void {
  const open = d.state.open.get(happening.address);
  if (!open || open.frame || isRepeated(d, happening)) return;
  if (open.status === 'unknown' && !happening.evenIfUnknown) return;
  leaveOff(d, open);
  const data = { ...steeredBy(happening), generation: open.generation + 1, input: happening.input };
  emit(d, { kind: 'step_retried', address: open.address, data });
  d.queue.push({ kind: 'begin', scope: open.scope, step: stepOf(d, open.id) });
}

/** `skip`: an open step ends, and the run goes on behind it. */
export function skip(d: Deciding, happening: Of<'skip'>): void {
  const open = d.state.open.get(happening.address);
  if (!open || isRepeated(d, happening)) return;
  if (open.frame) cancelWithin(d, open.address);
  leaveOff(d, open);
  const { output } = happening;
  const data = { status: 'skipped', ...(output === null ? {} : { output }), by: steeredBy(happening) } as const;
  emit(d, { kind: 'step_ended', address: open.address, data });
  goOn(d, open.scope, stepOf(d, open.id));
}

function leaveOff(d: Deciding, open: OpenStep): void {
  const step = stepOf(d, open.id);
  kindOf(d, step).cancel?.(d, open, step);
  if (open.status === 'running' && !open.frame) d.commands.push({ kind: 'abort', address: open.address });
  clearTimersOf(d, open, step);
}

/** `migrate`: the run follows another version from now on. */
export function migrate(d: Deciding, happening: Of<'migrate'>): void {
  const { target } = d.moment;
  if (isRepeated(d, happening) || target?.version !== happening.version || target.version === d.plan.version) return;
  if (incompatibilities(d.plan, target, d.state).length > 0) return;
  emit(d, { kind: 'migrated', address: '', data: { ...steeredBy(happening), version: target.version } });
}

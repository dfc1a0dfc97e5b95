import type { CallResult } from '@counterpoint/sdk';

/** A step or round as lists of a run show it. */
export type StepItem = CallResult<'listRunSteps'>['items'][number];

/** A stretch of a bar, in percent of the width of the timeline. */
export interface Stretch {
  readonly from: number;
  readonly width: number;
}

/** A step on the timeline. */
export interface TimelineRow {
  readonly item: StepItem;
  /** How many blocks it stands in, within the list. */
  readonly depth: number;
  /** Undefined: it has no time of its own, such as what was taken over from another run. */
  readonly bar: Stretch | undefined;
  /** Parts of it in which it only waited. */
  readonly waits: readonly Stretch[];
  /** Milliseconds, up to now for what goes on. */
  readonly took: number | undefined;
}

/** A mark on the scale of a timeline, `at` percent of its width. */
export interface Tick {
  readonly at: number;
  readonly millis: number;
  readonly named: boolean;
}

/** When a timeline begins and ends (Unix ms). */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** So wide is the smallest bar, in percent: what took no time is still to be seen. */
const THINNEST = 0.4;
/** So many marks find room on a narrow screen. */
const MOST_TICKS = 4;

/** The time that a list of steps covers; at least one millisecond. */
export function spanOf(items: readonly StepItem[], now: number): Span {
  let from = Number.POSITIVE_INFINITY;
  let until = 0;
  for (const { started_at, ended_at } of items) {
    if (started_at === null) continue;
    from = Math.min(from, started_at);
    until = Math.max(until, ended_at ?? now);
  }
  if (from === Number.POSITIVE_INFINITY) return { from: now, until: now + 1 };
  return { from, until: Math.max(until, from + 1) };
}

/** Lays steps out along a time. */
export function timelineOf(items: readonly StepItem[], span: Span, now: number): readonly TimelineRow[] {
  const depths = new Map<string, number>();
  return items.map((item) => {
    const depth = depths.has(item.parent) ? (depths.get(item.parent) ?? 0) + 1 : 0;
    depths.set(item.address, depth);
    const { started_at, ended_at, waits } = item;
    if (started_at === null) return { item, depth, bar: undefined, waits: [], took: undefined };
    const end = ended_at ?? now;
    return {
      item,
      depth,
      bar: stretch(span, started_at, end),
      waits: waits.map((wait) => stretch(span, wait.from, wait.until ?? end)),
      took: Math.max(0, end - started_at),
    };
  });
}

function stretch({ from, until }: Span, start: number, end: number): Stretch {
  const whole = until - from;
  const left = Math.min(100 - THINNEST, Math.max(0, ((start - from) / whole) * 100));
  const width = Math.max(THINNEST, (Math.max(0, end - start) / whole) * 100);
  return { from: left, width: Math.min(width, 100 - left) };
}

/** Marks so near the end (percent) have no room for their figure. */
const ROOM = 74;

/** Marks along the time: round stretches; `named`: there is room for its figure. */
export function ticksOf({ from, until }: Span): readonly Tick[] {
  const whole = until - from;
  const step = STEPS.find((one) => whole / one <= MOST_TICKS) ?? Math.ceil(whole / MOST_TICKS);
  const count = Math.floor(whole / step);
  return [...Array(count + 1).keys()].map((index) => {
    const at = ((index * step) / whole) * 100;
    return { at, millis: index * step, named: at <= ROOM };
  });
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 30].map((count) => count * MINUTE),
  ...[1, 2, 4, 8, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 30, 90].map((count) => count * DAY),
];

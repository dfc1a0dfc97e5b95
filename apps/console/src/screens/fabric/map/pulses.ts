/** How much goes over an edge: a number a second, over the last two. */
export type Rates = ReadonlyMap<string, number>;

/** What moves on the map at the moment. */
export interface PulseBook {
  /** An event went over these edges; cheap, for hundreds a second. */
  note(edges: readonly string[]): void;
  /** The edges over which a pulse is to start now, each once; call it once for every frame. @param now milliseconds */
  frame(now: number): readonly string[];
  /** How much goes over the edges that are too busy for single pulses. @param now milliseconds */
  rates(now: number): Rates;
}

/** How a {@link PulseBook} holds back. */
export interface PulseLimits {
  /** Pulses that may start within a second, over all edges. */
  readonly perSecond: number;
  /** Milliseconds between two pulses on one edge. */
  readonly apart: number;
  /** Events a second from which an edge shows a figure instead of single pulses. */
  readonly figureFrom: number;
}

/** Enough to see what goes on, and little enough to draw on a slow machine. */
export const DEFAULT_LIMITS: PulseLimits = { perSecond: 40, apart: 350, figureFrom: 5 };

const SLICE = 500;
const SLICES = 4;
/** Edges that are counted; a map of more is beyond what anybody can look at. */
const MOST_EDGES = 5_000;

interface Slice {
  readonly from: number;
  readonly counts: Map<string, number>;
}

/**
 * Makes a {@link PulseBook}: events are only counted as they come, and what is drawn is decided frame by frame, so that a
 * burst costs no more than a quiet stream.
 */
export function createPulseBook(limits: PulseLimits = DEFAULT_LIMITS): PulseBook {
  let waiting = new Map<string, number>();
  let slices: Slice[] = [];
  const lastPulse = new Map<string, number>();
  let allowance = limits.perSecond;
  let lastFrame: number | undefined;

  const account = (now: number): void => {
    const from = Math.floor(now / SLICE) * SLICE;
    slices = slices.filter((one) => one.from > from - SLICE * SLICES);
    if (waiting.size === 0) return;
    const last = slices.at(-1);
    const slice = last?.from === from ? last : { from, counts: new Map<string, number>() };
    if (slice !== last) slices.push(slice);
    for (const [edge, count] of waiting) slice.counts.set(edge, (slice.counts.get(edge) ?? 0) + count);
  };
  const perSecond = (edge: string): number =>
    slices.reduce((total, { counts }) => total + (counts.get(edge) ?? 0), 0) / ((SLICE * SLICES) / 1_000);

  return {
    note(edges) {
      for (const edge of edges) {
        if (waiting.size >= MOST_EDGES && !waiting.has(edge)) continue;
        waiting.set(edge, (waiting.get(edge) ?? 0) + 1);
      }
    },
    frame(now) {
      const passed = lastFrame === undefined ? 0 : now - lastFrame;
      lastFrame = now;
      allowance = Math.min(limits.perSecond, allowance + (passed * limits.perSecond) / 1_000);
      if (waiting.size === 0) return [];
      account(now);
      const starting: string[] = [];
      for (const edge of waiting.keys()) {
        if (allowance < 1) break;
        if (now - (lastPulse.get(edge) ?? Number.NEGATIVE_INFINITY) < limits.apart) continue;
        allowance -= 1;
        lastPulse.set(edge, now);
        starting.push(edge);
      }
      waiting = new Map();
      if (lastPulse.size > MOST_EDGES) lastPulse.clear();
      return starting;
    },
    rates(now) {
      const from = now - SLICE * SLICES;
      slices = slices.filter((one) => one.from > from);
      const busy = new Map<string, number>();
      for (const edge of new Set(slices.flatMap(({ counts }) => [...counts.keys()]))) {
        const rate = perSecond(edge);
        if (rate >= limits.figureFrom) busy.set(edge, rate);
      }
      return busy;
    },
  };
}

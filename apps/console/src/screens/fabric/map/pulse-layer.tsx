import { ViewportPortal } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { onNotice } from '../../../app/live.ts';
import { lineBetween } from './edge-path.ts';
import type { MapGraph } from './map-graph.ts';
import styles from './pulse-layer.module.css';
import { createPulseBook } from './pulses.ts';
import type { RateStore } from './rate-store.ts';
import { createRouter } from './routes-of-event.ts';
import type { Places } from './spot.ts';

const DOTS = 48;
const TRAVEL = 650;
/** Pulses that wait for the first part of their way; beyond this a burst is told by figures alone. */
const MOST_WAITING = 400;
const FIGURES_EVERY = 500;

interface Drawn {
  readonly graph: MapGraph;
  readonly places: Places;
}

/** Lets a free dot run along an edge; none is free in a burst, and then none runs. */
function run(dots: readonly HTMLElement[], busy: Set<HTMLElement>, path: string): void {
  const dot = dots.find((one) => !busy.has(one));
  if (!dot) return;
  busy.add(dot);
  dot.style.offsetPath = `path("${path}")`;
  const animation = dot.animate(
    [
      { offsetDistance: '0%', opacity: 0 },
      { offsetDistance: '10%', opacity: 1, offset: 0.1 },
      { offsetDistance: '90%', opacity: 1, offset: 0.9 },
      { offsetDistance: '100%', opacity: 0 },
    ],
    { duration: TRAVEL, easing: 'ease-in-out' },
  );
  animation.onfinish = () => busy.delete(dot);
  animation.oncancel = () => busy.delete(dot);
}

/** Follows the stream, and lets pulses run frame by frame; gives the way to stop. */
function animate(layer: HTMLElement, { graph, places }: Drawn, rates: RateStore): () => void {
  const dots = [...layer.querySelectorAll<HTMLElement>('[data-dot]')];
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const busy = new Set<HTMLElement>();
  const book = createPulseBook();
  const route = createRouter(graph);
  const ends = new Map(graph.edges.map((edge) => [edge.id, edge]));
  const waiting: { readonly due: number; readonly edges: readonly string[] }[] = [];
  let frame = 0;
  const draw = (now: number) => {
    while (waiting[0] && waiting[0].due <= now) book.note(waiting.shift()?.edges ?? []);
    for (const id of book.frame(now)) {
      const edge = ends.get(id);
      const [from, to] = [places.get(edge?.from ?? ''), places.get(edge?.to ?? '')];
      if (!calm && from && to) run(dots, busy, lineBetween(from, to).path);
    }
    frame = waiting.length > 0 ? requestAnimationFrame(draw) : 0;
  };
  const stopListening = onNotice(({ kind, data }) => {
    if (kind !== 'event') return;
    const { given, taken } = route({ topic: String(data.topic), participant: String(data.participant) });
    book.note(given);
    const wait = given.length > 0 ? TRAVEL : 0;
    if (taken.length > 0 && waiting.length < MOST_WAITING)
      waiting.push({ due: performance.now() + wait, edges: taken });
    else book.note(taken);
    if (frame === 0) frame = requestAnimationFrame(draw);
  });
  const figures = setInterval(() => rates.set(book.rates(performance.now())), FIGURES_EVERY);
  return () => {
    stopListening();
    clearInterval(figures);
    cancelAnimationFrame(frame);
    rates.set(new Map());
  };
}

/** Pulses that run along the edges as events come: a fixed number of dots, moved without drawing anything anew. */
export function PulseLayer({ graph, places, rates }: Drawn & { readonly rates: RateStore }) {
  const layer = useRef<HTMLDivElement>(null);
  // Counts make a new graph every few seconds; what the pulses run along changes with the places only.
  const latest = useRef(graph);
  latest.current = graph;
  useEffect(
    () => (layer.current ? animate(layer.current, { graph: latest.current, places }, rates) : undefined),
    [places, rates],
  );
  return (
    <ViewportPortal>
      <div ref={layer} className={styles.layer} aria-hidden>
        {[...Array(DOTS).keys()].map((dot) => (
          <span key={dot} data-dot className={styles.dot} />
        ))}
      </div>
    </ViewportPortal>
  );
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ratioByRound, type Spread, spread } from '../statistics.ts';
import { playbookHook, startSubject } from '../subject.ts';
import type { BenchmarkContext } from './context.ts';
import { readStore } from './read-store.ts';

const STEPS_IN_ROUND = 4;
const PLAYBOOKS = join(import.meta.dirname, '../../playbooks');
/** How much more the larger run has to do. */
const FACTOR = 10;
const WARM = 100;

/** One kind of large run at two sizes. */
export interface LinearFigures {
  readonly title: string;
  readonly small: number;
  readonly large: number;
  readonly small_ms: Spread;
  readonly large_ms: Spread;
  /** Time of the large one to ten times that of the small one: 1 when the cost is linear, 10 when it is quadratic. */
  readonly growth: Spread;
  /** What the large one's journal holds for every step or item: the text of its entries, in bytes. */
  readonly journal_bytes_each: number;
}

/** What large runs cost. */
export interface LinearResult {
  readonly name: 'linear';
  readonly rounds: number;
  readonly shapes: readonly LinearFigures[];
}

interface Shape {
  readonly title: string;
  readonly source: string;
  readonly playbook: string;
  body(count: number): unknown;
}

const SHAPES: readonly Shape[] = [
  {
    title: 'steps in a loop',
    source: 'bench_steps',
    playbook: 'linear-steps.yaml',
    body: (count) => ({ rounds: count / STEPS_IN_ROUND }),
  },
  {
    title: 'items of a foreach',
    source: 'bench_items',
    playbook: 'linear-items.yaml',
    body: (count) => ({ items: Array.from({ length: count }, (_, index) => index) }),
  },
];

interface Round {
  readonly small: number;
  readonly large: number;
  readonly bytes: number;
}

async function measure(context: BenchmarkContext, directory: string, shape: Shape, size: number): Promise<Round> {
  const subject = await startSubject({ command: context.command, directory });
  let small = 0;
  let large = 0;
  try {
    const playbook = readFileSync(join(PLAYBOOKS, shape.playbook), 'utf8');
    const target = await playbookHook(subject, await subject.signIn(), shape.source, playbook);
    const run = async (count: number): Promise<number> => {
      const body = JSON.stringify(shape.body(count));
      const started = performance.now();
      const answer = await fetch(target.url, {
        method: 'POST',
        headers: { ...target.headers, 'content-type': 'application/json' },
        body,
      });
      const text = await answer.text();
      if (!answer.ok || !text.includes('"done":true'))
        throw new Error(`a run of ${count} gave ${answer.status} ${text}`);
      return performance.now() - started;
    };
    await run(WARM);
    small = await run(size);
    large = await run(size * FACTOR);
  } finally {
    await subject.stop();
  }
  const bytes = readStore(join(directory, 'data'), (database) =>
    database
      .prepare(
        `SELECT sum(length(kind) + length(address) + coalesce(length(data), 0)) AS bytes FROM journal
         GROUP BY run ORDER BY bytes DESC LIMIT 1`,
      )
      .pluck()
      .get(),
  ) as number;
  return { small, large, bytes };
}

/** Measures runs of `size` steps or items, and of ten times as many, one after the other on one server. */
export async function measureLinear(context: BenchmarkContext, size: number): Promise<LinearResult> {
  const shapes: LinearFigures[] = [];
  for (const shape of SHAPES) {
    const rounds: Round[] = [];
    for (let round = 1; round <= context.rounds; round += 1) {
      rounds.push(
        await context.workspace.withDirectory('linear', (directory) => measure(context, directory, shape, size)),
      );
      const { large = 0 } = rounds.at(-1) ?? {};
      context.progress(`linear round ${round} of ${context.rounds}: ${shape.title}: ${Math.round(large)} ms`);
    }
    const smalls = rounds.map(({ small }) => small);
    const larges = rounds.map(({ large }) => large);
    shapes.push({
      title: shape.title,
      small: size,
      large: size * FACTOR,
      small_ms: spread(smalls),
      large_ms: spread(larges),
      growth: ratioByRound(
        larges,
        smalls.map((millis) => millis * FACTOR),
      ),
      journal_bytes_each: (rounds.at(-1)?.bytes ?? 0) / (size * FACTOR),
    });
  }
  return { name: 'linear', rounds: context.rounds, shapes };
}

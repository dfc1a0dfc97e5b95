import type { World } from './world.ts';

/** The first end of a run that anybody was shown. */
export interface SeenEnd {
  readonly run: string;
  readonly status: string;
  readonly endedAt: number | null;
  /** JSON of its outputs and error. */
  readonly result: string;
}

/** Looks at ended runs while the server lives and dies, so that an end that changes afterwards is noticed. */
export interface Sampler {
  readonly seen: ReadonlyMap<string, SeenEnd>;
  look(url: string): Promise<void>;
}

/** Makes a {@link Sampler}. */
export function createSampler(world: World): Sampler {
  const seen = new Map<string, SeenEnd>();
  return {
    seen,
    async look(url) {
      const client = world.client(url);
      for (const status of ['succeeded', 'failed', 'cancelled'] as const) {
        const { items } = await client.listRuns({ query: { status, limit: 100 } });
        for (const { id, ended_at, outputs, error } of items) {
          if (seen.has(id)) continue;
          seen.set(id, { run: id, status, endedAt: ended_at, result: JSON.stringify([outputs, error]) });
        }
      }
    },
  };
}

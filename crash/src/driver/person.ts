import { readDurableLog } from '../durable-log.ts';
import type { OracleCall } from '../oracle/call.ts';
import type { World } from './world.ts';

/** What a person said about a step whose outcome nobody knew. */
export interface Resolution {
  readonly run: string;
  readonly address: string;
  readonly happened: boolean;
  /** Unix milliseconds, before it was said. */
  readonly at: number;
}

/** Somebody who answers what the server cannot find out by itself: with the truth, as the oracle's journal shows it. */
export interface Person {
  readonly resolutions: readonly Resolution[];
  /** Looks once at everything that waits, and answers. */
  look(url: string): Promise<void>;
}

/** Which steps wait for a person, by their last entry. */
function unknownSteps(
  journal: readonly { readonly kind: string; readonly address: string; readonly data: unknown }[],
): string[] {
  const last = new Map<string, { readonly kind: string; readonly data: unknown }>();
  for (const entry of journal) last.set(entry.address, entry);
  return [...last].flatMap(([address, { kind, data }]) =>
    kind === 'step_unknown' && (data as { asked?: boolean }).asked ? [address] : [],
  );
}

/** Makes a {@link Person}. */
export function createPerson(world: World): Person {
  const resolutions: Resolution[] = [];
  return {
    resolutions,
    async look(url) {
      const client = world.client(url);
      const { items } = await client.listRuns({ query: { status: 'waiting', limit: 500 } });
      for (const { id, trace } of items.filter((run) => run.playbook.startsWith('crash_'))) {
        const { journal } = await client.getRun({ id });
        for (const address of unknownSteps(journal)) {
          const calls = readDurableLog<OracleCall>(world.callsFile);
          const happened = calls.some((call) => call.run === id && call.address === address && call.done);
          resolutions.push({ run: id, address, happened, at: Date.now() });
          const body = { address, happened, output: happened ? { id: trace } : undefined };
          await client.resolveStep({ id, body }).catch(() => undefined);
        }
      }
    },
  };
}

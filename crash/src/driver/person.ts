import type { Client } from '@counterpoint/sdk';
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

/** An answer to a matter of the inbox that the server took. */
export interface Decision {
  readonly item: string;
  readonly run: string;
  /** Unix milliseconds, after it was answered 2xx. */
  readonly at: number;
}

/** Somebody who answers what the server cannot find out by itself: with the truth, as the oracle's journal shows it. */
export interface Person {
  readonly resolutions: readonly Resolution[];
  readonly decisions: readonly Decision[];
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

async function resolveUnknowns(world: World, client: Client, resolutions: Resolution[]): Promise<void> {
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
}

/** Approves and answers what is open; what a time-out decides is left alone. */
async function decideInbox(client: Client, decisions: Decision[]): Promise<void> {
  const { items } = await client.listInbox({ query: { limit: 500 } });
  for (const { id, run, kind, covers_hash, due_at } of items) {
    if (due_at !== null) continue;
    const decide =
      kind === 'approval'
        ? client.approveInboxItem({ id, body: { covers_hash } })
        : client.answerInboxItem({ id, body: { form: { word: 'go on' } } });
    // Refused, or not heard of: it is looked at again, unless it was decided.
    await decide.then(
      () => void decisions.push({ item: id, run, at: Date.now() }),
      () => undefined,
    );
  }
}

/** Makes a {@link Person}. */
export function createPerson(world: World): Person {
  const resolutions: Resolution[] = [];
  const decisions: Decision[] = [];
  return {
    resolutions,
    decisions,
    async look(url) {
      const client = world.client(url);
      await decideInbox(client, decisions);
      await resolveUnknowns(world, client, resolutions);
    },
  };
}

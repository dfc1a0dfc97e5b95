import type { DurableLog } from '../durable-log.ts';
import type { Random } from '../random.ts';
import { type Kind, playbookOf } from '../workload/kinds.ts';
import type { World } from './world.ts';

/** One webhook that was answered 2xx: a line of the client's journal, on disk before the next is sent. */
export interface Acknowledged {
  readonly delivery: string;
  readonly kind: string;
  /** The run that it started; empty when it became an alert. */
  readonly run: string;
  /** The raw input that it was kept as; empty when it started a run. */
  readonly raw: string;
  /** How often it was sent before it was answered. */
  readonly sent: number;
  /** Unix milliseconds. */
  readonly at: number;
}

/** A webhook that is sent with the same id and bytes until it is answered. */
export interface Delivery {
  readonly id: string;
  readonly kind: Kind;
  readonly body: string;
}

const PATIENCE = 5_000;
const PAUSE = 40;

/** A webhook for a run of a kind, with an address and behaviour of its own. */
export function newDelivery(kind: Kind, number: number, random: Random): Delivery {
  const ip = `203.0.${Math.floor(number / 250) % 250}.${1 + (number % 250)}`;
  const behave = random.pick(kind.behaviours);
  const content =
    kind.by === 'alert'
      ? { src_ip: ip, timestamp: new Date().toISOString(), event_type: `crash ${number}` }
      : { n: number, behave, ip };
  return { id: `${kind.name}-${number}`, kind, body: JSON.stringify(content) };
}

async function send(world: World, url: string, { id, kind, body }: Delivery): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}/hooks/${playbookOf(kind)}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${world.hooks.get(kind.name)}`,
      'content-type': 'application/json',
      'webhook-id': id,
    },
    body,
    signal: AbortSignal.timeout(PATIENCE),
  });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text) as Record<string, unknown>;
  // What the server refuses for good is a mistake of this suite.
  if (answer.status < 500 && answer.status !== 429) throw new RangeError(`${id} was refused: ${text}`);
  throw new Error(text);
}

/**
 * Sends a webhook until it is answered 2xx, and resolves when that is in the journal, on disk.
 *
 * @param urlNow where the server is now; undefined while there is none
 */
export async function deliver(
  world: World,
  log: DurableLog<Acknowledged>,
  delivery: Delivery,
  urlNow: () => string | undefined,
): Promise<Acknowledged> {
  for (let sent = 1; ; ) {
    const url = urlNow();
    try {
      if (url !== undefined) {
        const { run, raw } = await send(world, url, delivery);
        const { id, kind } = delivery;
        const line = {
          delivery: id,
          kind: kind.name,
          run: String(run ?? ''),
          raw: String(raw ?? ''),
          sent,
          at: Date.now(),
        };
        await log.append(line);
        return line;
      }
    } catch (error) {
      if (error instanceof RangeError) throw error;
      sent += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

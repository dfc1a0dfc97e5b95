import type { Client } from '@counterpoint/sdk';
import type { Decisions } from './burst-items.ts';

/** What a source says became of its items. */
export interface Account extends Decisions {
  readonly suppressed: number;
  readonly refused: number;
}

/** What the alerts themselves say. */
export interface AlertTotals {
  readonly alerts: number;
  /** Sum of how often each was seen. */
  readonly seen: number;
}

/** How many items have their decision. */
export function decided(account: Account): number {
  return account.created + account.merged + account.duplicate + account.suppressed + account.refused;
}

/** What is not as it must be, in words; empty when every item is accounted for. */
export function differences(expected: Decisions, account: Account, totals: AlertTotals): string[] {
  const facts: readonly (readonly [what: string, found: number, expected: number])[] = [
    ['created', account.created, expected.created],
    ['merged', account.merged, expected.merged],
    ['duplicate', account.duplicate, expected.duplicate],
    ['suppressed', account.suppressed, 0],
    ['refused', account.refused, 0],
    ['alerts', totals.alerts, expected.created],
    ['times that alerts were seen', totals.seen, expected.created + expected.merged],
  ];
  return facts
    .filter(([, found, wanted]) => found !== wanted)
    .map(([what, found, wanted]) => `${what}: ${found} instead of ${wanted}`);
}

/** Reads the account of a source. */
export async function readAccount(client: Client, source: string): Promise<Account> {
  const { items } = await client.listSources();
  const found = items.find((item) => item.id === source);
  if (!found) throw new Error(`the source ${source} is gone`);
  return found.counts;
}

const PAGE = 500;

/** Adds up the alerts of a source, page by page. */
export async function addUpAlerts(client: Client, source: string): Promise<AlertTotals> {
  let alerts = 0;
  let seen = 0;
  let cursor: string | undefined;
  do {
    const page = await client.listAlerts({
      query: { source, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
    });
    alerts += page.items.length;
    for (const { count } of page.items) seen += count;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return { alerts, seen };
}

import type { CallArguments } from '@counterpoint/sdk';
import { client } from '../../app/client.ts';

type Filter = Omit<NonNullable<CallArguments<'listAlerts'>['query']>, 'limit' | 'cursor' | 'sort'>;

const PAGE = 500;

/** More than that are a case for a playbook, or for a rule at the source. */
export const MOST_ALIKE = 10_000;

/** Ids of the alerts that a filter shows now, the newest first, at most {@link MOST_ALIKE}. */
export async function idsAlike(filter: Filter): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listAlerts({
      query: { ...filter, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) },
    });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && ids.length < MOST_ALIKE);
  return ids.slice(0, MOST_ALIKE);
}

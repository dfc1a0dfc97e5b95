import type { Client } from '@counterpoint/sdk';

/** The id of the version of a playbook that people name by its number, as `counterpoint versions` shows it, or by its id. */
export async function versionId(
  client: Client,
  playbook: string,
  named: string | undefined,
): Promise<string | undefined> {
  if (named === undefined || !/^\d{1,9}$/.test(named)) return named;
  const { items } = await client.listVersions({ id: playbook, query: { limit: 100 } });
  return items.find(({ number }) => number === Number(named))?.id ?? named;
}

/** The same for the playbook of a run. */
export async function versionOfRun(
  client: Client,
  run: string,
  named: string | undefined,
): Promise<string | undefined> {
  if (named === undefined) return undefined;
  return versionId(client, (await client.getRun({ id: run })).playbook, named);
}

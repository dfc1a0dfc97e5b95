import { newId } from '@counterpoint/core';
import type { Store } from '@counterpoint/events';

const SETTING = 'installation';

/** The id of this installation, made on the first start; secrets and audit checkpoints are bound to it. */
export async function installationId(store: Store): Promise<string> {
  const standing = await store.get('settings', SETTING);
  if (typeof standing?.value === 'string') return standing.value;
  const id = newId();
  await store.commit({ rows: [{ op: 'insert', table: 'settings', row: { id: SETTING, value: id, rev: 1 } }] });
  return id;
}

import type { EffectRow, Reader } from '@counterpoint/events';
import { errors } from '../errors.ts';
import { isEnded } from './effect-row.ts';

/** The effects of one action through one connection on one target, newest first, at most 50; undos left out. */
export function effectsOn(
  reader: Reader,
  where: Pick<EffectRow, 'connection' | 'action' | 'target'>,
): Promise<readonly EffectRow[]> {
  const { connection, action, target } = where;
  return reader.find('effects', {
    where: { connection, action, target, undo_of: '' },
    orderBy: [
      { column: 'created_at', descending: true },
      { column: 'id', descending: true },
    ],
    limit: 50,
  });
}

/** Whether another effect than `row` stands, or is about to stand, on the same target by the same action. */
export async function isSharedBy(reader: Reader, row: EffectRow): Promise<EffectRow | undefined> {
  if (row.target === '') return undefined;
  const others = await effectsOn(reader, row);
  return others.find(
    (other) =>
      other.id !== row.id && !isEnded(other.state) && other.state !== 'undoing' && other.state !== 'undo_failed',
  );
}

/** The effect with that key, if there is one. */
export async function effectByKey(reader: Reader, key: string): Promise<EffectRow | undefined> {
  const [row] = await reader.find('effects', { where: { key }, limit: 1 });
  return row;
}

/** The effect. @throws actions.effect_not_found */
export async function getEffect(reader: Reader, id: string): Promise<EffectRow> {
  const row = await reader.get('effects', id);
  if (!row) throw errors.effect_not_found({ id });
  return row;
}

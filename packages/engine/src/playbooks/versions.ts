import type { PlaybookVersionRow, Reader } from '@counterpoint/events';
import { errors } from '../errors.ts';

/** The version of a playbook with this number. @throws engine.number_unknown */
export async function versionByNumber(reader: Reader, playbook: string, number: number): Promise<PlaybookVersionRow> {
  const [row] = await reader.find('playbook_versions', { where: { playbook, number }, limit: 1 });
  if (!row) throw errors.number_unknown({ playbook, number });
  return row;
}

/**
 * The version to roll back to: the one with number `to`, or the last one before the current.
 *
 * @throws engine.playbook_unknown, engine.number_unknown, engine.nothing_before
 */
export async function versionToRollBackTo(
  reader: Reader,
  playbook: string,
  to: number | undefined,
): Promise<{ readonly from: PlaybookVersionRow; readonly to: PlaybookVersionRow }> {
  const row = await reader.get('playbooks', playbook);
  const from = row && (await reader.get('playbook_versions', row.current));
  if (!from) throw errors.playbook_unknown({ playbook });
  if (to !== undefined) return { from, to: await versionByNumber(reader, playbook, to) };
  const [before] = await reader.find('playbook_versions', {
    where: { playbook, number: { lt: from.number } },
    orderBy: [{ column: 'number', descending: true }],
    limit: 1,
  });
  if (!before) throw errors.nothing_before({ playbook, number: from.number });
  return { from, to: before };
}

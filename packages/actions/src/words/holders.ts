import type { ClaimRow, Reader } from '@counterpoint/events';
import { readPeople } from './people.ts';

async function byId<Table extends 'runs' | 'cases' | 'playbooks'>(
  reader: Reader,
  table: Table,
  wanted: readonly string[],
) {
  const ids = [...new Set(wanted)];
  const rows =
    ids.length === 0 ? [] : await reader.find(table, { where: { id: { in: ids } } as never, limit: ids.length });
  return new Map(rows.map((row) => [row.id, row]));
}

/** The ids in references that begin so, without what stands behind a slash. */
function idsIn(refs: readonly string[], prefix: string): readonly string[] {
  return refs.flatMap((ref) => (ref.startsWith(prefix) ? [ref.slice(prefix.length).split('/', 1)[0] ?? ''] : []));
}

/** Who holds some claims, in words by holder: `Respond to phishing, step block`, the title of a case, the name of a person. */
export async function readHolders(
  reader: Reader,
  claims: readonly Pick<ClaimRow, 'holder'>[],
): Promise<ReadonlyMap<string, string>> {
  const refs = [...new Set(claims.map(({ holder }) => holder))];
  const [runs, cases, people] = await Promise.all([
    byId(reader, 'runs', idsIn(refs, 'run:')),
    byId(reader, 'cases', idsIn(refs, 'case:')),
    readPeople(reader, refs),
  ]);
  const followed = [...runs.values()].map(({ playbook }) => playbook);
  const playbooks = await byId(reader, 'playbooks', followed);
  const words = (ref: string): string => {
    const [id = '', address = ''] = ref.slice(ref.indexOf(':') + 1).split('/');
    if (ref.startsWith('case:')) return cases.get(id)?.title ?? ref;
    if (!ref.startsWith('run:')) return people.nameOf(ref);
    const playbook = runs.get(id)?.playbook;
    const title = playbook === undefined ? 'an earlier run' : (playbooks.get(playbook)?.title ?? playbook);
    return address === '' ? title : `${title}, step ${address}`;
  };
  return new Map(refs.map((ref) => [ref, words(ref)]));
}

import type { ClaimRow, Reader } from '@counterpoint/events';
import { readPeople } from './people.ts';

async function byId<Table extends 'runs' | 'cases'>(
  reader: Reader,
  table: Table,
  prefix: string,
  refs: readonly string[],
) {
  const ids = [
    ...new Set(
      refs.flatMap((ref) => (ref.startsWith(prefix) ? [ref.slice(prefix.length).split('/', 1)[0] ?? ''] : [])),
    ),
  ];
  const rows =
    ids.length === 0 ? [] : await reader.find(table, { where: { id: { in: ids } } as never, limit: ids.length });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Who holds some claims, in words by holder: `brute_force, step block`, the title of a case, the name of a person. */
export async function readHolders(
  reader: Reader,
  claims: readonly Pick<ClaimRow, 'holder'>[],
): Promise<ReadonlyMap<string, string>> {
  const refs = [...new Set(claims.map(({ holder }) => holder))];
  const [runs, cases, people] = await Promise.all([
    byId(reader, 'runs', 'run:', refs),
    byId(reader, 'cases', 'case:', refs),
    readPeople(reader, refs),
  ]);
  const words = (ref: string): string => {
    const [id = '', address = ''] = ref.slice(ref.indexOf(':') + 1).split('/');
    if (ref.startsWith('case:')) return cases.get(id)?.title ?? ref;
    if (!ref.startsWith('run:')) return people.nameOf(ref);
    const playbook = runs.get(id)?.playbook ?? 'an earlier run';
    return address === '' ? playbook : `${playbook}, step ${address}`;
  };
  return new Map(refs.map((ref) => [ref, words(ref)]));
}

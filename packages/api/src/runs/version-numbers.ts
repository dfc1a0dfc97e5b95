import type { Reader } from '@counterpoint/events';

/** Numbers of versions by their ids. */
export interface VersionNumbers {
  /** Those that are stored. */
  of(versions: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** So many numbers are remembered. */
const MOST = 10_000;

/** Makes {@link VersionNumbers} that look up each version once: published versions never change, and their rows are large. */
export function createVersionNumbers(reader: Reader): VersionNumbers {
  const known = new Map<string, number>();
  return {
    async of(versions) {
      const wanted = [...new Set(versions)].filter((id) => !known.has(id));
      if (known.size > MOST) known.clear();
      if (wanted.length > 0) {
        const rows = await reader.find('playbook_versions', { where: { id: { in: wanted } }, limit: wanted.length });
        for (const { id, number } of rows) known.set(id, number);
      }
      return new Map(versions.flatMap((id) => (known.has(id) ? [[id, known.get(id) as number] as const] : [])));
    },
  };
}

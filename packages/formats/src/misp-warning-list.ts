import { errors } from './errors.ts';
import type { NoiseDocument } from './noise-list.ts';
import { parseAddress } from './observables/addresses.ts';

/** A MISP warning list as a noise document. */
export interface WarningList {
  readonly name: string;
  readonly noise: NoiseDocument;
  /** Entries that cannot be used, as written: regular expressions, and networks that do not parse. */
  readonly unsupported: readonly string[];
}

/**
 * Reads a `list.json` of the MISP warning lists (github.com/MISP/misp-warninglists, `schema.json`), already parsed.
 * `string` compares whole values, `hostname` covers what lies below, `substring` and `cidr` as named. Lists of type
 * `regex` are not run, since nothing bounds what such an expression costs: all their entries are `unsupported`.
 *
 * @throws formats.warning_list_invalid
 */
export function fromMispWarningList(json: unknown): WarningList {
  if (typeof json !== 'object' || json === null) throw errors.warning_list_invalid({ reason: 'it is not an object' });
  const { name, type, list } = json as Record<string, unknown>;
  if (typeof name !== 'string') throw errors.warning_list_invalid({ reason: 'it has no "name"' });
  if (!Array.isArray(list) || !list.every((entry) => typeof entry === 'string')) {
    throw errors.warning_list_invalid({ reason: '"list" is not a list of strings' });
  }
  const entries: readonly string[] = list;
  switch (type) {
    case 'string':
      return { name, noise: { values: entries }, unsupported: [] };
    case 'hostname':
      return { name, noise: { domains: entries }, unsupported: [] };
    case 'substring':
      return { name, noise: { substrings: entries.filter((entry) => entry !== '') }, unsupported: [] };
    case 'cidr':
      return { name, ...networks(entries) };
    case 'regex':
      return { name, noise: {}, unsupported: entries };
    default:
      throw errors.warning_list_invalid({ reason: `its "type" ${JSON.stringify(type)} is not known` });
  }
}

function networks(entries: readonly string[]): Pick<WarningList, 'noise' | 'unsupported'> {
  const usable = entries.filter((entry) => parseAddress(entry.trim()) !== undefined);
  const known = new Set(usable);
  return { noise: { cidrs: usable }, unsupported: entries.filter((entry) => !known.has(entry)) };
}

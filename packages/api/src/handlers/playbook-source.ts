import { getDraft, versionByNumber } from '@counterpoint/engine';
import type { Reader, Store } from '@counterpoint/events';
import type { Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import { planWithoutErrors } from '../finding-view.ts';
import type { CheckedSource, PlaybookDesk } from '../playbook-desk.ts';

/** The text of a version, and what it is called. */
export interface NamedSource {
  /** `current`, `draft`, `#3`, or `given` for a text that came with the request. */
  readonly name: string;
  readonly source: string;
  /** Id of the version, when it is a published one. */
  readonly version: string | undefined;
}

/**
 * The source of `current`, `draft` or a version's number.
 *
 * @throws api.not_found, api.version_invalid, engine.draft_unknown, engine.number_unknown
 */
export async function readSource(store: Store, playbook: string, name: string): Promise<NamedSource> {
  if (name === 'draft') return { name, source: (await getDraft(store, playbook)).source, version: undefined };
  if (name === 'current') return { ...(await currentSource(store, playbook)), name };
  if (!/^[1-9]\d{0,8}$/.test(name)) throw errors.version_invalid({ version: name });
  const { source, id } = await versionByNumber(store, playbook, Number(name));
  return { name: `#${name}`, source, version: id };
}

async function currentSource(reader: Reader, id: string): Promise<Omit<NamedSource, 'name'>> {
  const row = await reader.get('playbooks', id);
  const version = row && (await reader.get('playbook_versions', row.current));
  if (!version) throw errors.not_found({ kind: 'playbook', id });
  return { source: version.source, version: version.id };
}

/** A source that was checked and can run. */
export interface TriedSource {
  readonly name: string;
  readonly version: string | undefined;
  readonly plan: Plan;
  readonly findings: CheckedSource['findings'];
}

/**
 * What is to be tried: the text that came with the request, or a stored version.
 *
 * @throws api.findings, api.other_playbook, and what {@link readSource} throws
 */
export async function readTried(
  { store, desk }: { readonly store: Store; readonly desk: PlaybookDesk },
  playbook: string,
  { source, version }: { readonly source?: string | undefined; readonly version: string },
): Promise<TriedSource> {
  const named =
    source === undefined ? await readSource(store, playbook, version) : { name: 'given', source, version: undefined };
  const checked = await desk.check(named.source);
  const plan = planWithoutErrors(checked);
  if (plan.id !== playbook) throw errors.other_playbook({ playbook, id: plan.id });
  return { name: named.name, version: named.version, plan, findings: checked.findings };
}

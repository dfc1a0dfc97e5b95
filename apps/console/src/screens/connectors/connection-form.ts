import { type FormField, type FormValues, isBlank, problemsOf, sentOf, shownAtFirst } from '../../ui/schema-fields.ts';
import type { Network } from './words.ts';

/** A connection as it is being entered. */
export interface ConnectionDraft {
  readonly title: string;
  readonly id: string;
  readonly values: FormValues;
  readonly network: Network;
  /** Empty: what the connector derives from the configuration. */
  readonly hosts: readonly string[];
  /** Empty: this server. */
  readonly site: string;
}

/** A connection that is there already, as the API shows it. */
export interface StandingConnection {
  readonly id: string;
  readonly title: string;
  readonly config: unknown;
  readonly network: Network;
  readonly allowed_hosts: readonly string[];
  readonly site: string;
  readonly secrets: readonly string[];
}

/** The fields of a connection: what may be seen, and what goes to the vault. */
export function parted(fields: readonly FormField[]): {
  readonly open: readonly FormField[];
  readonly secret: readonly FormField[];
} {
  return { open: fields.filter(({ secret }) => !secret), secret: fields.filter(({ secret }) => secret) };
}

/** Where a form begins: with what stands, or with the defaults of the connector. */
export function firstDraft(
  fields: readonly FormField[],
  title: string,
  standing?: StandingConnection,
): ConnectionDraft {
  const config = (standing?.config ?? {}) as FormValues;
  return {
    title: standing?.title ?? title,
    id: standing?.id ?? '',
    values: shownAtFirst(fields, config),
    network: standing?.network ?? 'public',
    hosts: ownHosts(config, standing?.allowed_hosts ?? []),
    site: standing?.site ?? '',
  };
}

/** Hosts that somebody named, beyond those of the addresses in the configuration. */
function ownHosts(config: FormValues, allowed: readonly string[]): readonly string[] {
  const derived = new Set(Object.values(config).map((value) => URL.parse(String(value))?.host));
  return allowed.every((host) => derived.has(host)) ? [] : allowed;
}

/** The configuration without its secrets. */
export function configOf(fields: readonly FormField[], draft: ConnectionDraft): Record<string, unknown> {
  return sentOf(parted(fields).open, draft.values);
}

/** The secrets that were entered. */
export function secretsOf(fields: readonly FormField[], draft: ConnectionDraft): Record<string, string> {
  const entered = Object.entries(sentOf(parted(fields).secret, draft.values));
  return Object.fromEntries(entered.map(([name, value]) => [name, String(value)]));
}

/** What is wrong with a draft, by field; `kept` are secrets that are set and may stay blank. */
export function draftProblems(
  fields: readonly FormField[],
  draft: ConnectionDraft,
  kept: readonly string[] = [],
): Readonly<Record<string, string>> {
  const needed = fields.map((field) => (kept.includes(field.name) ? { ...field, required: false } : field));
  const problems = problemsOf(needed, draft.values);
  const own: Record<string, string> = {};
  if (draft.title.trim() === '') own.title = 'Give it a name';
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(draft.id))
    own.id = 'Lower-case letters, digits, _ and -, beginning with a letter';
  return { ...problems, ...own };
}

/** Whether sending would go to other places than before, so that every secret must be entered again. */
export function pointsElsewhere(
  standing: StandingConnection,
  draft: ConnectionDraft,
  hosts: readonly string[],
): boolean {
  const sorted = (list: readonly string[]) => JSON.stringify([...list].sort());
  return (
    standing.network !== draft.network ||
    standing.site !== draft.site ||
    sorted(standing.allowed_hosts) !== sorted(hosts)
  );
}

/** The secrets that must be entered again because the connection would take them elsewhere. */
export function secretsToRepeat(
  fields: readonly FormField[],
  standing: StandingConnection,
  draft: ConnectionDraft,
): readonly string[] {
  return standing.secrets.filter((name) => isBlank(draft.values[name]) && fields.some((field) => field.name === name));
}

import type { FormSchema } from '../../ui/schema-fields.ts';

/** One action of a connector, as this screen reads it. */
export interface Action {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly effect: string;
  readonly idempotent: boolean;
  readonly input: FormSchema;
  readonly output: FormSchema;
  /** What undoes it: the name of an action. */
  readonly undoneBy: string | undefined;
  readonly irreversible: string | undefined;
  readonly verifiedBy: string | undefined;
  readonly unverifiable: string | undefined;
  /** The input that the lease fills, so that the vendor ends it by itself too; undefined: the vendor knows no end. */
  readonly leaseInput: string | undefined;
  readonly completesLater: string | undefined;
  readonly timeout: string;
  readonly minutesSaved: number;
  readonly errors: readonly string[];
}

/** A connector, as these screens read it. */
export interface Manifest {
  readonly id: string;
  readonly title: string;
  readonly vendor: string;
  readonly description: string;
  readonly version: string;
  readonly documentation: string;
  readonly connection: FormSchema;
  readonly hasTest: boolean;
  readonly speaksHttp: boolean;
  readonly rateLimit: string;
  readonly capabilities: readonly { readonly name: string; readonly action: string }[];
  readonly actions: readonly Action[];
}

type Loose = Readonly<Record<string, unknown>>;

const record = (value: unknown): Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
const text = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);
const some = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function actionOf(name: string, given: Loose): Action {
  const { completion } = given;
  const later = record(completion);
  const errors = Array.isArray(given.errors) ? given.errors.map((one) => text(record(one).error)) : [];
  return {
    name,
    title: text(given.title, name),
    description: text(given.description),
    effect: text(given.effect, 'read'),
    idempotent: given.idempotent === true,
    input: record(given.input),
    output: record(given.output),
    undoneBy: some(record(given.inverse).action),
    irreversible: some(given.irreversible),
    verifiedBy: some(record(given.verify).action),
    unverifiable: some(given.unverifiable),
    leaseInput: some(record(given.lease).argument),
    completesLater: completion === undefined ? undefined : text(later.timeout),
    timeout: text(given.timeout, '30s'),
    minutesSaved: typeof given.minutes_saved === 'number' ? given.minutes_saved : 0,
    errors: [...new Set(errors.filter((one) => one !== ''))],
  };
}

/** Reads a manifest; a participant may have written it, so nothing about it is believed but its text. */
export function readManifest(value: unknown): Manifest {
  const given = record(value);
  const limit = record(given.rate_limit);
  return {
    id: text(given.id),
    title: text(given.title, text(given.id)),
    vendor: text(given.vendor),
    description: text(given.description),
    version: text(given.version),
    documentation: text(given.documentation),
    connection: record(given.connection),
    hasTest: given.test !== undefined,
    speaksHttp: given.base_url !== undefined,
    rateLimit: limit.requests === undefined ? '' : `${String(limit.requests)} requests per ${text(limit.per)}`,
    capabilities: Object.entries(record(given.capabilities)).map(([name, action]) => ({ name, action: text(action) })),
    actions: Object.entries(record(given.actions)).map(([name, action]) => actionOf(name, record(action))),
  };
}

/** What is to be known about an action before it is used, in sentences. */
export function sentencesOf(action: Action): readonly string[] {
  const { undoneBy, irreversible, verifiedBy, unverifiable, idempotent, effect, completesLater } = action;
  const lasting = effect === 'change' || effect === 'contain' || effect === 'destroy';
  return [
    undoneBy && `It is undone by “${undoneBy}”, when the last reason to keep it ends.`,
    irreversible && `It cannot be undone: ${irreversible}.`,
    lasting && !undoneBy && !irreversible && 'Nothing undoes it by itself.',
    action.leaseInput && 'The product ends it by itself too, at the end of its lease, even when this server is away.',
    verifiedBy && `Whether it is in force is asked with “${verifiedBy}”.`,
    unverifiable && `Whether it is in force cannot be asked: ${unverifiable}.`,
    !idempotent &&
      'Doing it twice is not the same as doing it once: it is never repeated by itself when its answer was lost.',
    completesLater && `It takes a while: it is asked after for up to ${completesLater}.`,
    action.minutesSaved > 0 && `One call stands for ${action.minutesSaved} minutes of an analyst on the overview.`,
  ].filter((sentence): sentence is string => typeof sentence === 'string');
}

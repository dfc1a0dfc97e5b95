import { escapeControl, hashJson, sha256, stableId } from '@counterpoint/core';
import {
  type DetectionFinding,
  detectionFinding,
  type FindingMetadata,
  type LocatedObservable,
  type NoiseList,
  type ObservableType,
  toOcsfObservable,
} from '@counterpoint/formats';
import type { Normalizer } from './compile.ts';
import type { Supplied } from './rule.ts';

/** What is known about an item beyond its content. */
export interface ItemContext {
  /** Unix milliseconds: the time of a finding that says none. */
  readonly receivedAt: number;
  /** Id of the raw input; the finding refers to it. */
  readonly raw: string;
  /** Which item of the raw input, from 0. */
  readonly item: number;
  readonly noise: NoiseList;
}

/** Where the value of a field came from. */
export interface SuppliedField {
  readonly target: string;
  readonly from: string;
  readonly value: unknown;
}

/** An item as it was read. */
export type Reading =
  | ReadFinding
  | { readonly kind: 'suppressed'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** An item that is a finding. */
export interface ReadFinding {
  readonly kind: 'finding';
  readonly finding: DetectionFinding;
  readonly title: string;
  /** Findings with the same key are the same alert; text of at most 300 characters. */
  readonly key: string;
  /** Tells this very record from all others; undefined when nothing in it does. */
  readonly identity: string | undefined;
  readonly observables: readonly { readonly type: ObservableType; readonly value: string }[];
  readonly supplied: readonly SuppliedField[];
}

const MAX_TITLE = 500;
const MAX_KEY = 300;

/**
 * Reads one item as an OCSF Detection Finding. Never throws, whatever the item is: what cannot be read is refused with
 * the reason. Equal items give equal findings.
 */
export function normalise(normalizer: Normalizer, item: unknown, context: ItemContext): Reading {
  try {
    return read(normalizer, item, context);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', reason: text(`the normaliser ${normalizer.id} failed: ${reason}`, MAX_TITLE) };
  }
}

function read(normalizer: Normalizer, item: unknown, context: ItemContext): Reading {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    return { kind: 'refused', reason: 'it is not a JSON object' };
  }
  for (const { test, reason } of normalizer.only) {
    const result = test(item);
    if ('failed' in result)
      return { kind: 'refused', reason: text(`not ${normalizer.title}: ${result.failed}`, MAX_TITLE) };
    if (result.value !== true) {
      return { kind: 'suppressed', reason: text(String(reason(item)?.value ?? 'not an alert'), MAX_TITLE) };
    }
  }
  const parts: Record<string, unknown> = {};
  const targets = new Map<string, string>();
  const supplied: SuppliedField[] = [];
  for (const { name, target, read: readField } of normalizer.fields) {
    const given: Supplied | undefined = readField(item, context.receivedAt);
    if (given?.value === undefined) continue;
    place(parts, target.steps, given.value);
    supplied.push({ target: name, from: given.from, value: given.value });
    if (!targets.has(given.from)) targets.set(given.from, name);
  }
  const info = (parts.finding_info ?? {}) as Record<string, unknown>;
  if (typeof info.title !== 'string') {
    const tried = normalizer.fields.find(({ name }) => name === 'finding_info.title')?.tried ?? [];
    return { kind: 'refused', reason: text(`it has no title (tried ${tried.join(', ')})`, MAX_TITLE) };
  }
  return assemble(normalizer, item, context, { parts, info, title: info.title, targets, supplied });
}

interface Gathered {
  readonly parts: Record<string, unknown>;
  readonly info: Record<string, unknown>;
  readonly title: string;
  readonly targets: ReadonlyMap<string, string>;
  readonly supplied: SuppliedField[];
}

function assemble(normalizer: Normalizer, item: object, context: ItemContext, gathered: Gathered): ReadFinding {
  const { parts, info, targets, supplied } = gathered;
  const { product } = normalizer.document;
  const identity = identityOf(normalizer, item);
  const severity = normalizer.severity(item);
  const attacks = normalizer.attacks(item);
  const observables = normalizer.observables(item, context.noise);
  const uid =
    typeof info.uid === 'string'
      ? info.uid
      : stableId('finding', ...(identity === undefined ? [context.raw, String(context.item)] : [identity]));
  const metadata = parts.metadata as Partial<FindingMetadata> | undefined;
  supplied.push({ target: 'severity', from: severity.from, value: severity.name });
  const finding = detectionFinding({
    ...compacted(parts),
    time: typeof parts.time === 'number' ? parts.time : context.receivedAt,
    severity: severity.name,
    metadata: { ...metadata, product: { ...definedOnly(product), ...metadata?.product } },
    finding_info: { ...info, uid, ...(attacks.length > 0 && { attacks: [...attacks] }) },
    ...(observables.length > 0 && {
      observables: observables.map((one) => toOcsfObservable(one, nameOf(one, targets))),
    }),
    rawDataRef: `raw:${context.raw}`,
  });
  return {
    kind: 'finding',
    finding,
    title: text(gathered.title, MAX_TITLE),
    key: keyText(normalizer.key(item), uid),
    identity,
    observables: observables.map(({ type, value }) => ({ type, value })),
    supplied,
  };
}

/** The attribute of the finding that holds an observable, or else its place in the raw input. */
function nameOf({ path }: LocatedObservable, targets: ReadonlyMap<string, string>): string {
  return targets.get(path) ?? `raw_data.${path}`;
}

function identityOf({ identity }: Normalizer, item: object): string | undefined {
  if (identity === 'item') return hashJson(item);
  const parts = identity?.(item);
  return parts === undefined ? undefined : sha256(JSON.stringify(parts));
}

/** A key in which no part can pose as another; the record's own id when it has no part at all. */
function keyText(parts: readonly (string | null)[], uid: string): string {
  const key = JSON.stringify(parts.every((part) => part === null) ? [uid] : parts);
  return key.length <= MAX_KEY ? key : `sha256:${sha256(key)}`;
}

/** Text for a column: control characters become visible, since a database may refuse some of them. */
function text(value: string, max: number): string {
  return escapeControl(value).slice(0, max);
}

function place(root: Record<string, unknown>, steps: readonly (string | number)[], value: unknown): void {
  let current = root as Record<string | number, unknown>;
  for (const [index, step] of steps.entries()) {
    if (index === steps.length - 1) current[step] = value;
    else {
      current[step] ??= typeof steps[index + 1] === 'number' ? [] : {};
      current = current[step] as Record<string | number, unknown>;
    }
  }
}

/** Lists in which the first places stayed empty move up. */
function compacted(parts: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(parts)) {
    if (Array.isArray(value)) parts[name] = value.filter((one) => one !== undefined);
    else if (typeof value === 'object' && value !== null) compacted(value as Record<string, unknown>);
  }
  return parts;
}

function definedOnly<Value extends object>(value: Value): { [Name in keyof Value]: Exclude<Value[Name], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined)) as never;
}

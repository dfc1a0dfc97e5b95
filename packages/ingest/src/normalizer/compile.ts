import { sha256 } from '@counterpoint/core';
import { type Attack, type SeverityName, severityFrom } from '@counterpoint/formats';
import { type PathStep, parsePath, readPath } from '../path.ts';
import { attacksFrom } from './attacks.ts';
import { compileCandidates, compileItemExpression, type ExpressionResult } from './candidates.ts';
import { textOf, textsOf } from './coerce.ts';
import type { NormalizerDocument } from './document.ts';
import { compileObservables, type ObservableFinder } from './item-observables.ts';
import type { Complain } from './problems.ts';
import { compileMap, compileRule, type FieldRule, first, type Supplied } from './rule.ts';
import { textTemplate } from './text-template.ts';

const VERSION_LENGTH = 12;

/** Gives one value of an item with where it came from. */
type Reader = (item: unknown) => Supplied | undefined;

/** A normaliser, ready to read items. It holds no state. */
export interface Normalizer {
  readonly id: string;
  readonly title: string;
  /** `<id>@<hash of the text>`. */
  readonly version: string;
  /** The document, as written. */
  readonly text: string;
  readonly document: NormalizerDocument;
  /** Whether an item looks like what this normaliser is for. */
  readonly detects: (item: unknown) => boolean;
  /** The items of a parsed body: those of a list, of a list in a known wrapper, or the body itself. */
  readonly split: (body: unknown) => readonly unknown[];
  readonly only: readonly { readonly test: (item: unknown) => ExpressionResult; readonly reason: Reader }[];
  readonly fields: readonly FieldRule[];
  readonly severity: (item: unknown) => Omit<Supplied, 'value'> & { readonly name: SeverityName };
  readonly attacks: (item: unknown) => readonly Attack[];
  /** The parts of the finding key; a part that is absent is null. */
  readonly key: (item: unknown) => readonly (string | null)[];
  /** What tells this very record from all others: the whole item, parts of it, or nothing. */
  readonly identity: 'item' | ((item: unknown) => readonly string[] | undefined) | undefined;
  readonly observables: ObservableFinder;
}

/** Compiles a document that fits the schema; what is wrong beyond it goes to `complain`. */
export function compileNormalizer(document: NormalizerDocument, text: string, complain: Complain): Normalizer {
  const detect = compileItemExpression(document.detect, ['detect'], complain);
  const fields = Object.entries(document.fields).flatMap(([name, rule]) => compileRule(name, rule, complain) ?? []);
  if (!fields.some(({ name }) => name === 'finding_info.title')) {
    complain(['fields'], 'title_missing', 'Nothing fills "finding_info.title", which every alert needs.');
  }
  return {
    id: document.id,
    title: document.title,
    version: `${document.id}@${sha256(text).slice(0, VERSION_LENGTH)}`,
    text,
    document,
    detects: (item) => {
      const result = detect(item);
      return 'value' in result && result.value === true;
    },
    split: compileSplit(document.items, complain),
    only: document.only.map((condition, index) => ({
      test: compileItemExpression(condition.if, ['only', index, 'if'], complain),
      reason: compileReason(condition.reason, ['only', index, 'reason'], complain),
    })),
    fields,
    severity: compileSeverity(document.severity, complain),
    attacks: compileAttacks(document.attacks, complain),
    key: compileKey(document.key, complain),
    identity: compileIdentity(document.identity, complain),
    observables: compileObservables(document.observables, complain),
  };
}

function compileSplit(paths: readonly string[], complain: Complain): Normalizer['split'] {
  const wrappers = paths.flatMap((text, index): (readonly PathStep[])[] => {
    const steps = parsePath(text);
    if (steps !== undefined) return [steps];
    complain(['items', index], 'path', `"${text}" is not a path.`);
    return [];
  });
  return (body) => {
    if (Array.isArray(body)) return body;
    for (const steps of wrappers) {
      const inner = readPath(body, steps);
      if (Array.isArray(inner)) return inner;
    }
    return [body];
  };
}

function compileReason(source: string, where: readonly (string | number)[], complain: Complain): Reader {
  const template = textTemplate(source);
  if ('problem' in template) {
    complain(where, 'template', `The reason cannot be used: ${template.problem}.`);
    return () => undefined;
  }
  return (item) => {
    const value = template.fill(item);
    return value === undefined ? undefined : { value, from: 'reason', reads: template.holes };
  };
}

function compileSeverity(document: NormalizerDocument['severity'], complain: Complain): Normalizer['severity'] {
  const candidates = compileCandidates(document.from, ['severity', 'from'], complain);
  const map = compileMap(document.map);
  const fallback = { name: severityFrom(document.default), from: 'default', reads: [] };
  if (document.default !== undefined && severityFrom(document.default) === 'unknown') {
    complain(['severity', 'default'], 'schema', `"${document.default}" is no severity.`);
  }
  return (item) => {
    const found = first(candidates, item, (value) => {
      const scalar = typeof value === 'number' ? value : textOf(value);
      const name = severityFrom(map?.(scalar) ?? scalar, map?.(scalar) === undefined ? document.scale : 'ocsf');
      return name === 'unknown' ? undefined : name;
    });
    return found === undefined ? fallback : { ...found, name: found.value as SeverityName };
  };
}

function compileAttacks(document: NormalizerDocument['attacks'], complain: Complain): Normalizer['attacks'] {
  if (document === undefined) return () => [];
  const [ids, techniques, tactics] = (['ids', 'techniques', 'tactics'] as const).map((name) => {
    const from = document[name];
    const candidates = from === undefined ? [] : compileCandidates(from, ['attacks', name], complain);
    return (item: unknown) => (first(candidates, item, textsOf)?.value as readonly string[] | undefined) ?? [];
  }) as [ListReader, ListReader, ListReader];
  return (item) => attacksFrom(ids(item), techniques(item), tactics(item));
}

type ListReader = (item: unknown) => readonly string[];

function compileParts(parts: NormalizerDocument['key'], name: string, complain: Complain) {
  return parts.map((part, index) => {
    const candidates = compileCandidates(part, [name, index], complain);
    return (item: unknown) => (first(candidates, item, textOf)?.value as string | undefined) ?? null;
  });
}

function compileKey(parts: NormalizerDocument['key'], complain: Complain): Normalizer['key'] {
  const readers = compileParts(parts, 'key', complain);
  return (item) => readers.map((read) => read(item));
}

function compileIdentity(document: NormalizerDocument['identity'], complain: Complain): Normalizer['identity'] {
  if (document === undefined || document === 'item') return document;
  const readers = compileParts(document, 'identity', complain);
  return (item) => {
    const parts = readers.map((read) => read(item));
    return parts.every((part) => part !== null) ? (parts as string[]) : undefined;
  };
}

import {
  describeType,
  type ExpressionType,
  functionCatalogue,
  isUntrusted,
  type ObjectField,
} from '@counterpoint/expressions';
import type { NamesInSight } from '../check.ts';
import { type CompletionOption, option } from './completion.ts';

const WHAT: Readonly<Record<string, string>> = {
  event: 'What started the run.',
  inputs: 'The inputs of the playbook.',
  steps: 'What earlier steps gave.',
  outcome: 'How earlier steps ended: status and error.',
  run: 'The run itself.',
  error: 'The error that is handled here.',
  carry: 'What goes from one round to the next.',
  index: 'The number of this round, from 0.',
  candidate: 'The event that may be the one that is waited for.',
};

/** A chain of fields that ends where the cursor is: `steps.look.?uu` has the parts `steps`, `look` and the word `uu`. */
const CHAIN = /((?:[A-Za-z_]\w*(?:\[[^[\]]*\])?\s*\.\s*\??\s*)*)([A-Za-z_]\w*)?$/;

/** Longer chains are not written by people, and patterns see no more than this. */
const LONGEST = 300;

/** What can be written at the end of an expression. */
export function expressionOptions(
  before: string,
  names: NamesInSight,
): { readonly word: string; readonly options: readonly CompletionOption[] } {
  const end = before.slice(-LONGEST);
  const match = CHAIN.exec(end);
  const word = match?.[2] ?? '';
  const parts = [...(match?.[1] ?? '').matchAll(/([A-Za-z_]\w*)(\[[^[\]]*\])?/g)];
  if (parts.length === 0) {
    // The end of something that is no plain chain, such as a call: what it gives is not known.
    const afterCall = /[)\]}"']\s*\.\s*\??\s*\w*$/.test(end);
    return { word, options: afterCall ? methods() : [...variables(before, names), ...roots(names), ...functions()] };
  }
  const found = names.flatMap((sight) => typeOf(parts, before, sight) ?? []);
  const options = new Map(found.flatMap(members).map((one) => [one.label, one]));
  // What has fields has no methods.
  return { word, options: options.size > 0 ? [...options.values()] : methods() };
}

function roots(names: NamesInSight): readonly CompletionOption[] {
  const merged = new Map(names.flatMap((sight) => Object.entries(sight)));
  return [...merged].map(([name, type]) => option(name, 'reference', describeShort(type), WHAT[name] ?? ''));
}

function functions(): readonly CompletionOption[] {
  return functionCatalogue.map(({ name, signatures, summary }) =>
    option(name, 'function', signatures[0] ?? '', summary, `${name}()`),
  );
}

function methods(): readonly CompletionOption[] {
  return functionCatalogue
    .filter(({ method }) => method)
    .map(({ name, signatures, summary }) => option(name, 'function', signatures[0] ?? '', summary, `${name}()`));
}

function typeOf(
  parts: readonly RegExpMatchArray[],
  before: string,
  sight: NamesInSight[number],
): ExpressionType | undefined {
  const [first, ...rest] = parts;
  const name = first?.[1] ?? '';
  let type = Object.hasOwn(sight, name) ? sight[name] : variableType(name, before, sight);
  if (first?.[2] !== undefined) type = type && itemOf(type);
  for (const part of rest) {
    type = type && fieldOf(type, part[1] ?? '');
    if (part[2] !== undefined) type = type && itemOf(type);
  }
  return type;
}

function fieldOf(type: ExpressionType, name: string): ExpressionType | undefined {
  if (type.kind === 'optional') return fieldOf(type.value, name);
  if (type.kind === 'map') return type.values;
  return type.kind === 'object' && Object.hasOwn(type.fields, name) ? type.fields[name]?.type : undefined;
}

function itemOf(type: ExpressionType): ExpressionType | undefined {
  if (type.kind === 'optional') return itemOf(type.value);
  return type.kind === 'list' ? type.items : type.kind === 'map' ? type.values : undefined;
}

function members(type: ExpressionType): readonly CompletionOption[] {
  if (type.kind === 'optional') return members(type.value);
  if (type.kind !== 'object') return [];
  return Object.entries(type.fields).map(([name, field]) =>
    option(name, 'field', detailOf(field), '', insertOf(name, field)),
  );
}

/** A field that may be absent is read with a question mark. */
function insertOf(name: string, { optional }: ObjectField): string {
  return optional ? `?${name}` : name;
}

function detailOf({ type, optional, untrusted }: ObjectField): string {
  const notes = [optional ? 'may be absent' : '', untrusted || isUntrusted(type) ? 'untrusted' : ''];
  return [describeShort(type), ...notes].filter((text) => text !== '').join(', ');
}

function describeShort(type: ExpressionType): string {
  const words = describeType(type);
  return words.length > 60 ? type.kind : words;
}

/** How far before the cursor a macro may begin. */
const MACROS_WITHIN = 2_000;

const MACRO =
  /([A-Za-z_][\w.?[\]]*)\.(?:all|exists|exists_one|filter|map|sort_by|group_by|sum|min_by|max_by)\(\s*([A-Za-z_]\w*)\s*,/g;

/** The variables of macros that are open here, such as `u` in `urls.filter(u, …`. */
function variables(before: string, names: NamesInSight): readonly CompletionOption[] {
  const found = [...before.slice(-MACROS_WITHIN).matchAll(MACRO)].map((match) => match[2] ?? '');
  const [sight] = names;
  return [...new Set(found)].map((name) => {
    const type = sight && variableType(name, before, sight);
    return option(name, 'reference', type ? describeShort(type) : '', 'Each item in turn.');
  });
}

function variableType(name: string, before: string, sight: NamesInSight[number]): ExpressionType | undefined {
  const near = before.slice(-MACROS_WITHIN);
  const match = [...near.matchAll(MACRO)].findLast((one) => one[2] === name);
  if (!match) return undefined;
  const parts = [...(match[1] ?? '').matchAll(/([A-Za-z_]\w*)(\[[^[\]]*\])?/g)];
  // The list itself may come from the variable of an outer macro, never from the same one.
  const list = typeOf(parts, near.slice(0, match.index), sight);
  return list && itemOf(list);
}

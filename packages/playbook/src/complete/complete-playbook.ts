import { types } from '@counterpoint/expressions';
import type { Catalogue } from '../catalogue.ts';
import { type NamesInSight, namesAt } from '../check.ts';
import type { Outline } from '../outline/outline.ts';
import { outlineDocument } from '../outline/outline-document.ts';
import { stepsOf } from '../outline/steps.ts';
import type { Completion, CompletionOption } from './completion.ts';
import { contextAt } from './contexts.ts';
import { expressionOptions } from './expressions.ts';
import { fieldOptions } from './fields.ts';
import { otherActions } from './other-actions.ts';
import { type Place, placeAt } from './place.ts';
import { TEMPLATE_OPTION } from './template-option.ts';
import { argumentOptions, argumentsOf, type Choices, inputOptions, valueOptions } from './values.ts';

/** Longer texts are refused by the checker, too. */
const MAX_TEXT = 262_144;

const MAX_OPTIONS = 500;

/**
 * What can be written at an offset of a document, which may be broken there: fields and verbs of the language, actions,
 * arguments, names of what there is, and inside of expressions everything that is in sight with its type.
 */
export function completePlaybook(text: string, offset: number, catalogue: Catalogue): Completion {
  const at = Math.min(offset, text.length);
  if (text.length > MAX_TEXT) return { from: at, to: at, options: [] };
  const place = placeAt(text, at);
  const { expression } = place;
  if (expression) return inExpression(text, at, expression, catalogue);
  const kind = /^kind:\s*["']?reaction/m.test(text) ? 'reaction' : 'playbook';
  const options =
    place.mode === 'key' ? keyOptions(text, place, kind, catalogue) : valuesFor(text, place, kind, catalogue);
  return { from: place.from, to: place.to, options: options.slice(0, MAX_OPTIONS).map((one) => indented(one, place)) };
}

function keyOptions(
  text: string,
  place: Place,
  kind: Outline['kind'],
  catalogue: Catalogue,
): readonly CompletionOption[] {
  const context = contextAt(place.path, kind);
  if (context === 'with') {
    const choices = choicesFor(text, place, catalogue);
    return inputOptions(argumentsOf(stepAround(text, place), choices), place.siblings);
  }
  return fieldOptions(context, place.siblings, place.flow);
}

function valuesFor(
  text: string,
  place: Place,
  kind: Outline['kind'],
  catalogue: Catalogue,
): readonly CompletionOption[] {
  const { path, key, siblings } = place;
  // An item of a plain list, such as `covers: [`, stands for the list itself.
  const inList = key === '' && path.at(-1) === '[]';
  const owner = inList ? (path.at(-2) ?? '') : key;
  const context = contextAt(inList ? path.slice(0, -2) : path, kind);
  const choices = choicesFor(text, place, catalogue);
  if (context === 'with') return argumentOptions(argumentsOf(stepAround(text, place), choices), owner, choices);
  const found =
    inList && owner === 'covers'
      ? valueOptions('covers', '', siblings, choices)
      : valueOptions(context, owner, siblings, choices);
  if (context === 'step' && owner === 'action') return [...found, ...otherActions(text, catalogue)];
  return found.length === 0 && (context === 'data' || context === 'argument') ? [TEMPLATE_OPTION] : found;
}

interface KnownChoices extends Pick<Choices, 'uses' | 'steps'> {
  readonly text: string;
  readonly connectors: Catalogue['connectors'];
}

// Without the line that is being written, the text stays the same while somebody writes it.
const known: KnownChoices[] = [];

function choicesFor(text: string, { from }: Pick<Place, 'from'>, catalogue: Catalogue): Choices {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const newline = text.indexOf('\n', from);
  const others = text.slice(0, start) + text.slice(newline === -1 ? text.length : newline);
  const { connectors } = catalogue;
  const found = known.find((one) => one.text === others && one.connectors === connectors);
  if (found) return { catalogue, uses: found.uses, steps: found.steps };
  const { uses, slots } = outlineDocument(others, catalogue);
  const steps = [...stepsOf(slots)].filter(({ name }) => name !== '');
  known.unshift({ text: others, connectors, uses, steps });
  known.length = Math.min(known.length, REMEMBERED);
  return { catalogue, uses, steps };
}

/** The fields of the step that a `with` belongs to. */
function stepAround(text: string, place: Place): ReadonlyMap<string, string> {
  const { from } = place;
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const own = text.slice(start, from);
  const inline = /(?:^|[\s{,])with:\s*[{"']?/.exec(own);
  // On the line of `with`, its neighbours are those of the key; below it, those of the line where it stands.
  if (inline) return placeAt(text, start + inline.index + inline[0].indexOf('with') + 1).siblings;
  const above = [...text.slice(0, start).matchAll(/^( *(?:- +)*)with:/gm)].findLast(
    (match) => (match[1] ?? '').length < place.column,
  );
  return above ? placeAt(text, above.index + (above[1] ?? '').length + 1).siblings : new Map();
}

function indented(option: CompletionOption, { column, flow }: Place): CompletionOption {
  if (flow || !option.insert.includes('\n')) return option;
  return { ...option, insert: option.insert.replaceAll('\n', `\n${' '.repeat(column)}`) };
}

function inExpression(
  text: string,
  at: number,
  region: NonNullable<Place['expression']>,
  catalogue: Catalogue,
): Completion {
  const before = text.slice(Math.min(region.from, at), at);
  const { word, options } = expressionOptions(before, namesFor(text, region, catalogue));
  const after = /^\w*/.exec(text.slice(at))?.[0].length ?? 0;
  return { from: at - word.length, to: at + after, options: options.slice(0, MAX_OPTIONS) };
}

interface Remembered {
  readonly text: string;
  readonly offset: number;
  readonly playbooks: Catalogue['playbooks'];
  readonly names: NamesInSight;
}

// With the expression itself taken out, the text stays the same while somebody types it.
const remembered: Remembered[] = [];
const REMEMBERED = 8;

function namesFor(text: string, { from, to }: NonNullable<Place['expression']>, catalogue: Catalogue): NamesInSight {
  const isOpen = !text.slice(from, to + 2).endsWith('}}') && text.slice(from - 3, from) === '$' + '{{';
  const whole = `${text.slice(0, from)} null ${isOpen ? '}}' : ''}${text.slice(Math.max(from, to))}`;
  const known = remembered.find(
    (one) => one.offset === from && one.text === whole && one.playbooks === catalogue.playbooks,
  );
  if (known) return known.names;
  const names = namesAt(whole, from + 2, catalogue) ?? fallback(whole, catalogue);
  remembered.unshift({ text: whole, offset: from, playbooks: catalogue.playbooks, names });
  remembered.length = Math.min(remembered.length, REMEMBERED);
  return names;
}

/** What is surely there, when the document cannot be read as far as the expression. */
function fallback(text: string, catalogue: Catalogue): NamesInSight {
  const { inputs, slots } = outlineDocument(text, catalogue);
  const steps = [...stepsOf(slots)].filter(({ name }) => name !== '');
  const all = <Item extends { readonly name: string }>(items: readonly Item[]) =>
    types.object(Object.fromEntries(items.map(({ name }) => [name, { type: types.dyn }])), true);
  return [{ event: types.dyn, inputs: all(inputs), steps: all(steps), outcome: all(steps), run: types.dyn }];
}

import {
  extractFromJson,
  type LocatedObservable,
  type NoiseList,
  type Observable,
  type ObservableType,
  observableOf,
} from '@counterpoint/formats';
import { type PathStep, parsePath, withoutPath } from '../path.ts';
import { type Candidate, compileCandidates } from './candidates.ts';
import { textsOf } from './coerce.ts';
import type { NormalizerDocument } from './document.ts';
import type { Complain } from './problems.ts';

/** How much text of one item is searched, in UTF-16 code units. */
export const MAX_SEARCHED = 256 * 1024;
const MAX_OBSERVABLES = 200;

/** Finds the observables of an item: those that the normaliser names first, then whatever its texts hold. */
export type ObservableFinder = (item: unknown, noise: NoiseList) => readonly LocatedObservable[];

interface Added {
  readonly type: ObservableType;
  readonly candidates: readonly Candidate[];
}

/** Compiles the `observables` section. */
export function compileObservables(document: NormalizerDocument['observables'], complain: Complain): ObservableFinder {
  const ignored = document.ignore.flatMap((text, index) => pathAt(text, ['observables', 'ignore', index], complain));
  const added = document.add.map(
    ({ type, from }, index): Added => ({
      type,
      candidates: compileCandidates(from, ['observables', 'add', index, 'from'], complain),
    }),
  );
  return (item, noise) => {
    const found = new Map<string, LocatedObservable>();
    for (const { type, candidates } of added) addNamed(found, type, candidates, item, noise);
    let searched = ignored.reduce<unknown>((rest, steps) => withoutPath(rest, steps), item);
    if (holdsMoreText(searched, MAX_SEARCHED)) searched = shortened(searched);
    for (const one of extractFromJson(searched, { noise, limit: MAX_OBSERVABLES })) add(found, one);
    return [...found.values()].slice(0, MAX_OBSERVABLES);
  };
}

function pathAt(text: string, where: readonly (string | number)[], complain: Complain): (readonly PathStep[])[] {
  const steps = parsePath(text);
  if (steps?.every((step) => typeof step === 'string')) return [steps];
  complain(where, 'path', `"${text}" is not a path of names.`);
  return [];
}

function addNamed(
  found: Map<string, LocatedObservable>,
  type: ObservableType,
  candidates: readonly Candidate[],
  item: unknown,
  noise: NoiseList,
): void {
  for (const { read, label } of candidates) {
    const texts = textsOf(read(item));
    if (texts === undefined) continue;
    for (const text of texts) {
      const observable: Observable | undefined = observableOf(type, text);
      if (observable === undefined || noise.matches(observable.type, observable.value)) continue;
      add(found, { ...observable, path: label });
    }
    return;
  }
}

function add(found: Map<string, LocatedObservable>, observable: LocatedObservable): void {
  const key = `${observable.type} ${observable.value}`;
  if (!found.has(key)) found.set(key, observable);
}

/** Whether the texts in a piece of data are longer than `limit` together. */
function holdsMoreText(root: unknown, limit: number): boolean {
  let total = 0;
  const stack = [root];
  while (stack.length > 0 && total <= limit) {
    const value = stack.pop();
    if (typeof value === 'string') total += value.length;
    else if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) stack.push(inner);
  }
  return total > limit;
}

/** A copy whose texts hold no more than {@link MAX_SEARCHED} together, first come first served. */
function shortened(value: unknown): unknown {
  let left = MAX_SEARCHED;
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) => {
      if (typeof inner !== 'string') return inner;
      const kept = inner.slice(0, left);
      left -= kept.length;
      return kept;
    }) ?? 'null',
  );
}

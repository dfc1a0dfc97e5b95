import { canonicalJson, hashJson, type Json, type JsonObject } from '@counterpoint/core';
import type { ActionStep, Plan, Step } from '../plan.ts';
import { type Facets, facetsOf, planFacets } from './facets.ts';
import { type PlaceOfStep, placesOf } from './places.ts';
import { changesValidators, isSafetyFacet, type StepDanger } from './safety.ts';

/** One thing in which two versions differ. */
export interface PlanChange {
  /** It bears on what may be cut off or destroyed, for how long, who must agree, or whom to trust. */
  readonly safety: boolean;
  readonly kind: 'added' | 'removed' | 'renamed' | 'moved' | 'changed';
  /** `step <id>`, `step <id>: <field>`, or a field of the playbook such as `trigger alert`. */
  readonly about: string;
  /** How it was; null when it was not there. */
  readonly from: Json;
  /** How it is; null when it is not there. */
  readonly to: Json;
  /** All of it in one line. */
  readonly text: string;
}

/** The effect class of an action step; undefined when it is not known. */
export type EffectOf = (plan: Plan, step: ActionStep) => string | undefined;

/**
 * What differs between two versions of a playbook in meaning: order of keys, comments and layout do not count. What
 * bears on safety comes first, then in the order of the documents.
 */
export function diffPlans(from: Plan, to: Plan, effectOf: EffectOf = () => undefined): readonly PlanChange[] {
  const changes = [...diffFacets('', planFacets(from), planFacets(to)), ...diffSteps(from, to, effectOf)];
  return [...changes.filter(({ safety }) => safety), ...changes.filter(({ safety }) => !safety)];
}

function diffFacets(owner: string, from: Facets, to: Facets, ofDanger = false): PlanChange[] {
  const names = [...new Set([...Object.keys(to), ...Object.keys(from)])];
  return names.flatMap((name): PlanChange[] => {
    const before = from[name] ?? null;
    const after = to[name] ?? null;
    if (canonicalJson(before) === canonicalJson(after)) return [];
    const about = owner === '' ? name : `${owner}: ${name}`;
    const kind = before === null ? 'added' : after === null ? 'removed' : 'changed';
    const safety =
      isSafetyFacet(owner === '' ? 'plan' : 'step', name, ofDanger) ||
      changesValidators(JSON.stringify(before), JSON.stringify(after));
    return [changeOf(safety, kind, about, before, after)];
  });
}

function changeOf(safety: boolean, kind: PlanChange['kind'], about: string, from: Json, to: Json): PlanChange {
  const texts: Readonly<Record<PlanChange['kind'], string>> = {
    added: `${about} is new: ${show(to)}`,
    removed: `${about} is gone: ${show(from)}`,
    renamed: `${about} is now called ${show(to)}`,
    moved: `${about} moved from ${show(from)} to ${show(to)}`,
    changed: `${about}: ${differing(from, to)}`,
  };
  return { safety, kind, about, from, to, text: texts[kind] };
}

/** How a value changed; of a map only the fields that did. */
function differing(from: Json, to: Json): string {
  if (!isMap(from) || !isMap(to)) return `${show(from)} -> ${show(to)}`;
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return names
    .flatMap((name) => {
      const [before, after] = [from[name], to[name]];
      if (before === undefined) return [`${name} is new: ${show(after ?? null)}`];
      if (after === undefined) return [`${name} is gone: ${show(before)}`];
      return canonicalJson(before) === canonicalJson(after) ? [] : [`${name} ${show(before)} -> ${show(after)}`];
    })
    .join(', ');
}

function isMap(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONGEST = 120;

function show(value: Json): string {
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function diffSteps(from: Plan, to: Plan, effectOf: EffectOf): PlanChange[] {
  const before = placesOf(from);
  const after = placesOf(to);
  const wasDangerous = dangersOf(from, before, effectOf);
  const isDangerous = dangersOf(to, after, effectOf);
  const renamed = renames(before, after);
  const added = [...after.values()].filter(({ step }) => !before.has(step.id) && !renamed.has(step.id));
  const gone = new Set(renamed.values());
  const removed = [...before.values()].filter(({ step }) => !after.has(step.id) && !gone.has(step.id));
  return [
    ...added.map(({ step, list }) => wholeStep('added', step, list, isDangerous(step))),
    ...removed.map(({ step, list }) => wholeStep('removed', step, list, wasDangerous(step))),
    ...[...after.values()].flatMap((place): PlanChange[] => {
      const { id } = place.step;
      const old = before.get(renamed.get(id) ?? id);
      if (!old) return [];
      const danger = (wasDangerous(old.step) ?? isDangerous(place.step)) !== undefined;
      const moved = { old, place, danger, effects: [wasDangerous(old.step), isDangerous(place.step)] as const };
      return [...diffOne(moved), ...movement(moved, before, after, renamed)];
    }),
  ];
}

/** Why each step of a plan matters for safety. */
function dangersOf(
  plan: Plan,
  places: ReadonlyMap<string, PlaceOfStep>,
  effectOf: EffectOf,
): (step: Step) => StepDanger {
  const covered = new Set([...places.values()].flatMap(({ step }) => (step.verb === 'approval' ? step.covers : [])));
  const dangers = new Map<string, StepDanger>();
  // Steps inside come after the blocks around them.
  for (const { step, list } of [...places.values()].reverse()) {
    const effect = step.verb === 'action' ? effectOf(plan, step) : undefined;
    const own = effect === 'contain' || effect === 'destroy' ? effect : undefined;
    const danger = step.verb === 'approval' ? 'approval' : (own ?? (covered.has(step.id) ? 'covered' : undefined));
    if (danger) dangers.set(step.id, danger);
    const dot = list.indexOf('.');
    if (dot > 0 && dangers.has(step.id)) dangers.set(list.slice(0, dot), 'around');
  }
  return ({ id }) => dangers.get(id);
}

interface Pair {
  readonly old: PlaceOfStep;
  readonly place: PlaceOfStep;
  readonly danger: boolean;
  readonly effects: readonly [StepDanger, StepDanger];
}

function wholeStep(kind: 'added' | 'removed', step: Step, list: string, danger: StepDanger): PlanChange {
  const said = { in: list, verb: step.verb, ...(danger ? { [danger]: true } : {}), ...facetsOf(step) };
  const { title: _title, description: _description, ...brief } = said as Facets;
  const to = kind === 'added' ? brief : null;
  const from = kind === 'removed' ? brief : null;
  const what = danger ? `step ${step.id} (${danger})` : `step ${step.id}`;
  return changeOf(danger !== undefined, kind, what, from, to);
}

function diffOne({ old, place, danger, effects }: Pair): PlanChange[] {
  const { id } = place.step;
  const name = old.step.id === id ? [] : [changeOf(danger, 'renamed', `step ${old.step.id}`, old.step.id, id)];
  const verb =
    old.step.verb === place.step.verb
      ? []
      : [changeOf(danger, 'changed', `step ${id}: verb`, old.step.verb, place.step.verb)];
  const [was, is] = effects;
  const effect = was === is ? [] : [changeOf(true, 'changed', `step ${id}: effect`, was ?? null, is ?? null)];
  return [...name, ...verb, ...effect, ...diffFacets(`step ${id}`, facetsOf(old.step), facetsOf(place.step), danger)];
}

/** Whether a step stands in another list, or its order among the steps that were in that list before changed. */
function movement(
  { old, place, danger }: Pair,
  before: ReadonlyMap<string, PlaceOfStep>,
  after: ReadonlyMap<string, PlaceOfStep>,
  renamed: ReadonlyMap<string, string>,
): PlanChange[] {
  const newName = new Map([...renamed].map(([now, then]) => [then, now]));
  const oldList = renameList(old.list, newName);
  const about = `step ${place.step.id}`;
  if (oldList !== place.list) return [changeOf(danger, 'moved', about, old.list, place.list)];
  const previous = neighbours(before, old.list)
    .map((id) => newName.get(id) ?? id)
    .filter((id) => after.get(id)?.list === place.list);
  const current = neighbours(after, place.list).filter((id) => previous.includes(id));
  if (!outOfOrder(previous, current).has(place.step.id)) return [];
  const behind = (ids: readonly string[]): string => ids[ids.indexOf(place.step.id) - 1] ?? 'the beginning';
  return [changeOf(danger, 'moved', about, `behind ${behind(previous)}`, `behind ${behind(current)}`)];
}

function renameList(list: string, newName: ReadonlyMap<string, string>): string {
  const [owner = '', ...rest] = list.split('.');
  return [newName.get(owner) ?? owner, ...rest].join('.');
}

function neighbours(places: ReadonlyMap<string, PlaceOfStep>, list: string): readonly string[] {
  return [...places.values()].filter((place) => place.list === list).map(({ step }) => step.id);
}

/** The fewest ids that must move to bring one order into the other: those outside of the longest common subsequence. */
function outOfOrder(from: readonly string[], to: readonly string[]): ReadonlySet<string> {
  const position = new Map(from.map((id, index) => [id, index]));
  const best: { readonly length: number; readonly before: number }[] = [];
  to.forEach((id, index) => {
    let length = 1;
    let previous = -1;
    for (let earlier = 0; earlier < index; earlier++) {
      const rises = (position.get(to[earlier] ?? '') ?? 0) < (position.get(id) ?? 0);
      if (rises && (best[earlier]?.length ?? 0) + 1 > length) {
        length = (best[earlier]?.length ?? 0) + 1;
        previous = earlier;
      }
    }
    best.push({ length, before: previous });
  });
  const kept = new Set<string>();
  let at = best.reduce((top, { length }, index) => (length > (best[top]?.length ?? 0) ? index : top), 0);
  while (at >= 0 && to[at] !== undefined) {
    kept.add(to[at] as string);
    at = best[at]?.before ?? -1;
  }
  return new Set(to.filter((id) => !kept.has(id)));
}

/** New id -> old id, for steps that stayed what they were but for their name. */
function renames(
  before: ReadonlyMap<string, PlaceOfStep>,
  after: ReadonlyMap<string, PlaceOfStep>,
): ReadonlyMap<string, string> {
  const gone = [...before.values()].filter(({ step }) => !after.has(step.id));
  const names = new Map<string, string>();
  for (const { step } of after.values()) {
    if (before.has(step.id)) continue;
    const same = gone.findIndex((one) => likeness(one.step) === likeness(step));
    if (same === -1) continue;
    const [old] = gone.splice(same, 1);
    if (old) names.set(step.id, old.step.id);
  }
  return names;
}

/** What makes two steps the same but for their names, texts, and the steps inside. */
function likeness(step: Step): string {
  const { title: _title, description: _description, ...said } = facetsOf(step);
  return hashJson({ verb: step.verb, said });
}

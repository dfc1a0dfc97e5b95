/** Why a change of a step matters for safety. `around`: a step that contains or destroys stands in it. */
export type StepDanger = 'contain' | 'destroy' | 'approval' | 'covered' | 'around' | undefined;

/** Fields that matter wherever they stand: how long, who agrees, whether it is looked at again, through which product. */
const ALWAYS = /^(lease\.|covers$|by\.|timeout\.then$|recheck$|approval$)/;
/** Of the playbook itself: who may start it, whom a reaction trusts, what it acts on. */
const OF_PLAN = /^(uses |subscribe\.trust|mode$|concurrency\.|idempotency\.|limits\.)/;
/** Of a step that cuts something off: anything that decides whether, on what and how it is done. */
const OF_DANGER =
  /^(if$|branch |switch$|cases$|foreach$|while$|until$|max_items$|catch |action$|call$|with|connection$|on_failure$|retry\.)/;

/** Whether a change of a field bears on safety. `danger`: it is a field of a step that contains, destroys or is covered. */
export function isSafetyFacet(of: 'plan' | 'step', name: string, danger: boolean): boolean {
  if (of === 'plan') return OF_PLAN.test(name);
  return ALWAYS.test(name) || (danger && OF_DANGER.test(name));
}

const VALIDATORS = /\bblockable\s*\(|\bvalid\s*\./g;

/** Whether something that vouches for values from outside (`blockable`, `valid.*`) is there more or less often. */
export function changesValidators(before: string, after: string): boolean {
  const count = (text: string): number => [...text.matchAll(VALIDATORS)].length;
  return count(before) !== count(after);
}

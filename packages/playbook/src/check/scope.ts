import { type ExpressionType, type ObjectField, types, untrusted } from '@counterpoint/expressions';

/** An earlier step as later ones see it. */
export interface StepView {
  readonly type: ExpressionType;
  /** Its output may be absent here: it was guarded, is in a branch, or may have failed. */
  readonly optional: boolean;
  /** It may not even have been looked at, so that it has no outcome. */
  readonly unvisited: boolean;
}

/** What can be seen, and what is known to hold, at one place of a document. */
export interface Scope {
  readonly steps: ReadonlyMap<string, StepView>;
  /** Names besides the common ones: loop variables, `carry`, `error`, `candidate`. */
  readonly locals: Readonly<Record<string, ExpressionType>>;
  /** Conditions that hold here: the guards of the step and of the blocks around it, split at `&&`. */
  readonly facts: readonly string[];
  /** Ids of the blocks around this place. */
  readonly inside: readonly string[];
  /** Whether `lookup` can be called: only in what a step evaluates when it begins. */
  readonly mayLookUp: boolean;
}

/** Nothing has happened yet. */
export const EMPTY_SCOPE: Scope = { steps: new Map(), locals: {}, facts: [], inside: [], mayLookUp: false };

/** What an error tells, as `error` and in `outcome` and collected lists. Vendors' words are not to be trusted. */
export const errorFields: Readonly<Record<string, ObjectField>> = {
  code: { type: types.string },
  name: { type: types.string },
  message: { type: untrusted(types.string) },
  step: { type: types.string },
};

/** The type of `error`. */
export const errorType: ExpressionType = types.object(errorFields);

const outcomeType = types.object({
  status: { type: types.string },
  error: { type: errorType, optional: true },
});

/** The scope with more steps in sight. */
export function withSteps(scope: Scope, added: ReadonlyMap<string, StepView>): Scope {
  if (added.size === 0) return scope;
  // Copied as a whole, which is much quicker than entry by entry.
  const steps = new Map(scope.steps);
  for (const [id, view] of added) steps.set(id, view);
  return { ...scope, steps };
}

/** The scope with one more name. */
export function withLocals(scope: Scope, locals: Scope['locals']): Scope {
  return { ...scope, locals: { ...scope.locals, ...locals } };
}

/** The scope inside a block of the step `id`, where `facts` hold. */
export function within(scope: Scope, id: string, facts: readonly string[] = []): Scope {
  return { ...scope, inside: [...scope.inside, id], facts: [...scope.facts, ...facts], mayLookUp: false };
}

/** The scope of what a step evaluates when it begins, or (`false`) at another time. */
export function lookingUp(scope: Scope, mayLookUp: boolean): Scope {
  return { ...scope, mayLookUp };
}

/** The same steps, but perhaps without output, and perhaps never visited. */
export function uncertain(steps: ReadonlyMap<string, StepView>, unvisited: boolean): ReadonlyMap<string, StepView> {
  return new Map(
    [...steps].map(([id, view]) => [id, { ...view, optional: true, unvisited: unvisited || view.unvisited }]),
  );
}

/** Only those steps of `after` that `before` did not have. */
export function addedSteps(before: Scope, after: Scope): ReadonlyMap<string, StepView> {
  const added = new Map<string, StepView>();
  if (after.steps === before.steps) return added;
  for (const [id, view] of after.steps) if (!before.steps.has(id)) added.set(id, view);
  return added;
}

interface Views {
  readonly steps: ExpressionType;
  readonly outcome: ExpressionType;
}

const viewsOf = new WeakMap<Scope['steps'], Views>();

/** `steps` and `outcome` as types, with the locals. */
export function namesOf(scope: Scope): Readonly<Record<string, ExpressionType>> {
  let views = viewsOf.get(scope.steps);
  if (!views) {
    views = makeViews(scope.steps);
    viewsOf.set(scope.steps, views);
  }
  return { ...scope.locals, ...views };
}

function makeViews(visible: Scope['steps']): Views {
  const steps: Record<string, ObjectField> = {};
  const outcome: Record<string, ObjectField> = {};
  for (const [id, { type, optional, unvisited }] of visible) {
    steps[id] = optional ? { type, optional } : { type };
    outcome[id] = unvisited ? { type: outcomeType, optional: true } : { type: outcomeType };
  }
  return { steps: types.object(steps), outcome: types.object(outcome) };
}

import type { Step } from '@counterpoint/playbook';
import type { ErrorValue } from './error-value.ts';
import type { Place } from './plan-index.ts';
import { addressOf, type Outcome, type RunState, type Scope } from './state.ts';

/** Anything compiled that says which member paths it reads. */
interface Reading {
  readonly reads: readonly (readonly string[])[];
}

/** Which of the growing parts of the scope an expression reads. */
interface Reads {
  /** Step ids; `all` when it takes `steps` or `outcome` as a whole. */
  readonly steps: readonly string[] | 'all';
  readonly outcomes: readonly string[] | 'all';
  readonly error: boolean;
}

const known = new WeakMap<Reading, Reads>();

function readsOf(compiled: Reading): Reads {
  const found = known.get(compiled);
  if (found) return found;
  const reads: Reads = {
    steps: idsBelow(compiled, 'steps'),
    outcomes: idsBelow(compiled, 'outcome'),
    error: compiled.reads.some(([name]) => name === 'error'),
  };
  known.set(compiled, reads);
  return reads;
}

function idsBelow(compiled: Reading, root: string): readonly string[] | 'all' {
  const paths = compiled.reads.filter(([name]) => name === root);
  const ids = paths.flatMap(([, id]) => (id === undefined ? [] : [id]));
  return ids.length === paths.length ? ids : 'all';
}

/**
 * The data that one evaluation sees at `place` in `scope`. Only what the expression reads is gathered, so that its
 * cost does not grow with the length of the run.
 */
export function evaluationScope(
  state: RunState,
  scope: Scope,
  place: Place | undefined,
  compiled: Reading,
): Readonly<Record<string, unknown>> {
  const reads = readsOf(compiled);
  const view: Record<string, unknown> = { ...scope.names };
  if (reads.steps === 'all' || reads.steps.length > 0) view.steps = visible(scope, reads.steps, outputsOf);
  if (reads.outcomes === 'all' || reads.outcomes.length > 0) view.outcome = visible(scope, reads.outcomes, outcomesOf);
  if (reads.error) view.error = visibleError(state, scope, place);
  return view;
}

const outputsOf = (scope: Scope): Readonly<Record<string, unknown>> => scope.outputs;
const outcomesOf = (scope: Scope): Readonly<Record<string, Outcome>> => scope.outcomes;

/** The innermost round's own steps first, those around it after. */
function visible(
  scope: Scope,
  ids: readonly string[] | 'all',
  part: (scope: Scope) => Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!scope.parent) return part(scope);
  if (ids === 'all') return { ...visible(scope.parent, 'all', part), ...part(scope) };
  const gathered: Record<string, unknown> = {};
  for (const id of ids) {
    let current: Scope | undefined = scope;
    while (current && !Object.hasOwn(part(current), id)) current = current.parent;
    if (current) gathered[id] = part(current)[id];
  }
  return gathered;
}

/** What `error` is: null where nothing has gone wrong. */
function visibleError(state: RunState, scope: Scope, place: Place | undefined): ErrorValue | null {
  const of = place?.errorOf;
  if (of === undefined || of === 'run') return state.ending?.error ?? null;
  return errorOfTry(state, scope, of);
}

function errorOfTry(state: RunState, scope: Scope, step: Step): ErrorValue | null {
  for (let current: Scope | undefined = scope; current; current = current.parent) {
    const frame = state.open.get(addressOf(current, step.id))?.frame;
    if (frame?.kind === 'try') return frame.error;
  }
  return null;
}

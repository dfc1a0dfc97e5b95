import type { ExpressionType } from '@counterpoint/expressions';
import type { Step } from '../plan.ts';
import type { Checking } from './context.ts';
import type { Scope, StepView } from './scope.ts';

/** What a step gives: its output, and the steps inside it that later ones can see. */
export interface Checked {
  readonly type: ExpressionType;
  readonly added: ReadonlyMap<string, StepView>;
}

/** Checks steps that run one after the other; gives the scope behind them. */
export type CheckList = (steps: readonly Step[], scope: Scope, checking: Checking) => Scope;

import type { Plan, Step } from '@counterpoint/playbook';
import { indexOf, isLoop } from '../interpreter/plan-index.ts';
import { joinAddress } from '../interpreter/state.ts';
import type { StepRecord } from './step-record.ts';

/** What a step does and where it stands, as far as the version that the run follows is known. */
export interface StepPlace {
  /** `round` for a round of a loop, `step` when the version is gone; else the verb of the step. */
  readonly kind: Step['verb'] | 'round' | 'step';
  /** What its author calls it; empty without a title. */
  readonly title: string;
  /** Address of the block or round that it stands in; empty for the lists of the playbook. */
  readonly parent: string;
  /** Which part of that block, or which list of the playbook, such as `0`, `do`, `body`, `main`. */
  readonly slot: string;
  /** Connector (or alias) and action, playbook that is called, or topic; empty otherwise. */
  readonly does: string;
}

/** Finds out about a record's step. @param plan undefined: the version is gone */
export function placeOf(plan: Plan | undefined, record: StepRecord): StepPlace {
  const { scope, id } = record;
  if (record.round !== null) return { kind: 'round', title: '', parent: scope, slot: 'do', does: '' };
  const place = plan && indexOf(plan).get(id);
  if (!place) return { kind: 'step', title: '', parent: scope, slot: scope === '' ? 'main' : 'do', does: '' };
  const { step, owner } = place;
  const shared = { kind: step.verb, title: step.title ?? '', does: doesOf(plan, step) };
  if (owner.kind === 'phase') return { ...shared, parent: scope, slot: scope === '' ? owner.phase : 'do' };
  const inRound = isLoop(owner.step) || isOwnRound(record);
  return { ...shared, parent: inRound ? scope : joinAddress(scope, owner.step.id), slot: inRound ? 'do' : owner.part };
}

/** Whether it is the call that a step makes to one of its targets. */
export function isOwnRound({ scope, id, round }: Pick<StepRecord, 'scope' | 'id' | 'round'>): boolean {
  const last = scope.slice(scope.lastIndexOf('.') + 1);
  return round === null && last.startsWith(`${id}[`);
}

function doesOf({ uses }: Plan, step: Step): string {
  switch (step.verb) {
    case 'action': {
      const use = Object.hasOwn(uses, step.alias) ? uses[step.alias] : undefined;
      const who = use === undefined ? step.alias : use.kind === 'capability' ? use.capability : use.connector;
      return `${who}.${step.action}`;
    }
    case 'call':
      return step.playbook;
    case 'publish':
      return step.topic;
    case 'undo':
      return step.step;
    default:
      return '';
  }
}

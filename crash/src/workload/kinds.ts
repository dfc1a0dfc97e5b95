import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const PLAYBOOKS = join(import.meta.dirname, '../../playbooks');

/** What runs of a kind do that a failpoint can be about. */
export type Trait = 'effect' | 'timer' | 'lease' | 'undo' | 'event' | 'people' | 'vote';

/** One kind of step under test: a playbook that is built around it, `playbooks/crash_<name>.yaml`. */
export interface Kind {
  readonly name: string;
  readonly traits: readonly Trait[];
  /** What the oracle does with the calls of a run; one is drawn for each run. */
  readonly behaviours: readonly string[];
  /** Started by its own webhook (default), by an alert that ingest makes of what comes in, or only by other runs. */
  readonly by?: 'webhook' | 'alert' | 'runs';
}

const calm = ['ok', 'ok', 'ok', 'slow', 'fail,ok', 'limit,ok'];
const rough = [...calm, 'reset,ok', 'hang,ok'];
/** Calls that fail at first, so that there is a second attempt. */
const failing = ['fail,ok', 'limit,slow', 'fail,fail,ok'];

/**
 * Some fifteen seconds of one call after the other: its run goes on elsewhere, and has not ended, when a process that stood
 * still wakes up. Only the scenarios that need it start it.
 */
export const outlasting: Kind = { name: 'outlasting', traits: ['effect'], behaviours: ['slow'] };

/** Every kind of step that runs under crashes. A new one is one line here and its playbook. */
export const kinds: readonly Kind[] = [
  { name: 'pure', traits: [], behaviours: ['ok'] },
  { name: 'read', traits: [], behaviours: rough },
  { name: 'change', traits: ['effect'], behaviours: rough },
  { name: 'change_once', traits: ['effect'], behaviours: [...calm, 'reset,ok'] },
  { name: 'change_checked', traits: ['effect'], behaviours: rough },
  { name: 'retried', traits: ['effect', 'timer'], behaviours: failing },
  { name: 'job', traits: ['effect', 'timer'], behaviours: rough },
  { name: 'lease', traits: ['effect', 'lease'], behaviours: rough },
  { name: 'undo', traits: ['effect', 'undo'], behaviours: calm },
  { name: 'foreach', traits: ['effect'], behaviours: calm },
  { name: 'while', traits: ['effect'], behaviours: calm },
  { name: 'parallel', traits: ['effect'], behaviours: calm },
  { name: 'try', traits: ['effect'], behaviours: calm },
  { name: 'call', traits: ['effect'], behaviours: calm },
  { name: 'called', traits: [], behaviours: calm, by: 'runs' },
  { name: 'publish', traits: [], behaviours: ['ok'] },
  { name: 'topic', traits: [], behaviours: [], by: 'runs' },
  { name: 'wait', traits: ['effect', 'timer'], behaviours: calm },
  { name: 'wait_event', traits: ['effect', 'event'], behaviours: calm },
  { name: 'first_branch', traits: ['effect'], behaviours: calm },
  { name: 'approval', traits: ['effect', 'people', 'vote'], behaviours: calm },
  { name: 'approval_late', traits: ['effect', 'people', 'timer'], behaviours: calm },
  { name: 'question', traits: ['effect', 'people', 'vote'], behaviours: calm },
  { name: 'queued', traits: ['effect'], behaviours: calm },
  { name: 'alert', traits: ['effect'], behaviours: ['ok'], by: 'alert' },
  outlasting,
];

/** The kinds that load from outside starts. */
export const startedKinds = kinds.filter((kind) => kind.by !== 'runs' && kind !== outlasting);

/** The id of the playbook of a kind; the source and trigger of its webhook have the same name. */
export function playbookOf({ name }: Pick<Kind, 'name'>): string {
  return `crash_${name}`;
}

/** The playbook of a kind. */
export function sourceOf(kind: Kind): string {
  return readFileSync(join(PLAYBOOKS, `${playbookOf(kind)}.yaml`), 'utf8');
}

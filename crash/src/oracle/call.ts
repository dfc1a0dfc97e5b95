/** What the oracle does with a request. Actions ask for a list of them; the n-th call takes the n-th, the last one lasts. */
export type Behaviour = 'ok' | 'slow' | 'fail' | 'limit' | 'hang' | 'reset' | 'refuse';

/** One request that reached the oracle: a line of its journal, on disk before the answer. */
export interface OracleCall {
  /** Unix milliseconds. */
  readonly at: number;
  /** Which process sent it. */
  readonly worker: string;
  readonly action: string;
  /** Run and address that sent it, as the playbook says; empty for what no step sends itself (reading back, undoing). */
  readonly run: string;
  readonly address: string;
  /** How many calls with this key, this one included, the oracle has seen. */
  readonly attempt: number;
  /** The idempotency key; empty for reads by others. */
  readonly key: string;
  readonly behaviour: Behaviour;
  /** Whether the world changed by it: a repeated key of an idempotent action changes nothing. */
  readonly done: boolean;
  /** What it acted on. */
  readonly target: string;
  /** What a reading action was told. */
  readonly told: string;
}

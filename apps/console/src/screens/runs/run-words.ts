/** What starts runs, in words. */
export const TRIGGERS: Readonly<Record<string, string>> = {
  webhook: 'webhook',
  alert: 'alert',
  manual: 'by hand',
  call: 'called by a run',
  topic: 'event',
  schedule: 'schedule',
  case: 'case',
  page: 'form',
  rerun: 'run again',
};

/** What starts a kind of run, in words; a kind that is not known here by its own name. */
export function triggerWord(kind: string): string {
  return TRIGGERS[kind] ?? kind;
}

const WAITS: Readonly<Record<string, string>> = {
  retry: 'the next attempt',
  poll: 'work that the product does by itself',
  people: 'a decision of people',
  guard: 'people to allow it (held by the guard)',
  event: 'an event',
  time: 'a moment',
  run: 'a run that it called',
  unknown: 'somebody to say whether it happened',
};

/** What a step waits for, in words. */
export function waitWord(reason: string): string {
  return WAITS[reason] ?? reason;
}

/** A size in bytes as people read it: `340 B`, `14 kB`, `2.1 MB`. */
export function sizeWord(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What kinds of facts of a journal say, in words. */
const FACTS: Readonly<Record<string, string>> = {
  step_ready: 'its turn has come',
  step_started: 'began',
  step_waiting: 'waits',
  step_unknown: 'nobody knows whether it happened',
  people_asked: 'people were asked',
  people_decided: 'people decided',
  step_held: 'held by the guard',
  wait_began: 'began to wait',
  lookup_began: 'looks up tables',
  looked_up: 'looked up tables',
  step_timed_out: 'ran out of time',
  step_ended: 'ended',
  step_retried: 'an operator has it run anew',
  run_paused: 'the run was paused',
  run_resumed: 'the run goes on',
  happening_held: 'something came while the run was paused',
  adopted: 'took over what an earlier run did',
  migrated: 'follows another version',
  branch_taken: 'took a branch',
  foreach_entered: 'went into the loop',
  item_entered: 'began an item',
  item_ended: 'ended an item',
  while_entered: 'went into the loop',
  round_entered: 'began a round',
  round_ended: 'ended a round',
  parallel_entered: 'began its branches',
  branch_ended: 'a branch ended',
  try_entered: 'began to try',
  try_moved: 'went on to handle',
  phase_entered: 'came to its last steps',
  run_ended: 'the run ended',
};

/** What a fact of a journal says, in words. */
export function factWord(kind: string): string {
  return FACTS[kind] ?? kind.replaceAll('_', ' ');
}

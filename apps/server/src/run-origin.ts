/** The id of the event (or delivery) that a run's trigger key ends in. */
export function outboxIdOf(triggerKey: string): string {
  return triggerKey.slice(triggerKey.indexOf('|') + 1);
}

/** The run that a reference `run:<id>/<address>` names; empty for none. */
export function parentOf(reference: string): string {
  return reference.startsWith('run:') ? (reference.slice('run:'.length).split('/')[0] ?? '') : '';
}

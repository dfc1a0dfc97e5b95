import type { Causality, RunRow } from '@counterpoint/events';

/** On whose rights and why a step does something: the playbook's, because of the run and step. */
export function causalityOfStep(row: RunRow, address: string): Causality {
  return { principal: row.principal, trace: row.trace, cause: stepReference(row.id, address), hop: row.hop };
}

/** `run:<id>/<address>`. */
export function stepReference(run: string, address: string): string {
  return `run:${run}/${address}`;
}

/** Takes a {@link stepReference} apart; undefined for anything else. */
export function parseStepReference(reference: string): { readonly run: string; readonly address: string } | undefined {
  const slash = reference.indexOf('/');
  if (!reference.startsWith('run:') || slash === -1) return undefined;
  return { run: reference.slice('run:'.length, slash), address: reference.slice(slash + 1) };
}

import { actionVerb, callVerb, undoVerb } from './acting.ts';
import { ifVerb, switchVerb, tryVerb } from './branching.ts';
import { failVerb, publishVerb, setVerb, succeedVerb } from './giving.ts';
import { foreachVerb, parallelVerb, untilVerb, whileVerb } from './looping.ts';
import { approvalVerb, askVerb } from './people.ts';
import type { VerbSpec } from './spec.ts';
import { waitVerb } from './waiting.ts';

/** Every verb of the language. */
export const verbs = {
  action: actionVerb,
  call: callVerb,
  if: ifVerb,
  switch: switchVerb,
  foreach: foreachVerb,
  while: whileVerb,
  until: untilVerb,
  parallel: parallelVerb,
  approval: approvalVerb,
  ask: askVerb,
  wait: waitVerb,
  publish: publishVerb,
  set: setVerb,
  undo: undoVerb,
  try: tryVerb,
  fail: failVerb,
  succeed: succeedVerb,
} as const satisfies Record<string, VerbSpec>;

/** The name of a verb. */
export type VerbName = keyof typeof verbs;

/** The names of all verbs. */
export const VERBS = Object.keys(verbs) as readonly VerbName[];

/** Verbs that a reaction may use: nothing that waits, asks or loops, and its one event out is its own `publish`. */
export const REACTION_VERBS: ReadonlySet<VerbName> = new Set([
  'action',
  'if',
  'switch',
  'parallel',
  'set',
  'try',
  'fail',
  'succeed',
]);

/** Whether a field is a verb. */
export function isVerb(field: string): field is VerbName {
  return Object.hasOwn(verbs, field);
}

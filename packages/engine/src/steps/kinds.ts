import type { StepKinds } from '../interpreter/deciding.ts';
import { approvalKind } from './approval.ts';
import { askKind } from './ask.ts';
import { ifKind, switchKind } from './branch.ts';
import { callKind } from './call.ts';
import { endKind } from './end.ts';
import { actionsKind } from './fan-out.ts';
import { foreachKind } from './foreach.ts';
import { parallelKind } from './parallel.ts';
import { publishKind } from './publish.ts';
import { setKind } from './set.ts';
import { tryKind } from './try.ts';
import { undoKind } from './undo.ts';
import { waitKind } from './wait.ts';
import { whileKind } from './while.ts';

/** The rules of every verb. */
export const stepKinds: StepKinds = {
  action: actionsKind,
  call: callKind,
  if: ifKind,
  switch: switchKind,
  foreach: foreachKind,
  while: whileKind,
  parallel: parallelKind,
  approval: approvalKind,
  ask: askKind,
  publish: publishKind,
  set: setKind,
  undo: undoKind,
  wait: waitKind,
  try: tryKind,
  fail: endKind,
  succeed: endKind,
};

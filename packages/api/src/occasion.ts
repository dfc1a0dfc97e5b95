import type { Occasion } from '@counterpoint/cases';
import { newId, newTraceId } from '@counterpoint/core';
import type { Causality } from '@counterpoint/events';
import type { Principal } from '@counterpoint/identity';

/** On whose rights and why something is done that a person or token asks for; without a trace it begins one of its own. */
export function causalityOfPrincipal(principal: Principal, trace: string = newTraceId()): Causality {
  return { principal: principal.ref, trace, cause: principal.ref, hop: 0 };
}

/** The occasion of a change that a person or token asks for; without a trace it begins one of its own. */
export function occasionOf(principal: Principal, now: number, trace: string = newTraceId()): Occasion {
  return { key: newId(now), causality: causalityOfPrincipal(principal, trace), now };
}

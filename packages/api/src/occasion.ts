import type { Occasion } from '@counterpoint/cases';
import { newId, newTraceId } from '@counterpoint/core';
import type { Principal } from '@counterpoint/identity';

/** The occasion of a change that a person or token asks for; without a trace it begins one of its own. */
export function occasionOf(principal: Principal, now: number, trace: string = newTraceId()): Occasion {
  return { key: newId(now), causality: { principal: principal.ref, trace, cause: principal.ref, hop: 0 }, now };
}

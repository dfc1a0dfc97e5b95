import { sha256 } from '@counterpoint/core';
import type { Catalogue } from './catalogue.ts';
import type { ReadPlan } from './grammar/playbook.ts';
import type { WrittenUse } from './grammar/uses.ts';
import type { Plan, Step, Use } from './plan.ts';
import { withPublishing } from './reaction-steps.ts';
import { eachStep } from './walk.ts';

/** What is needed of the catalogue to tell what the names in `uses` stand for. */
export type Names = Pick<Catalogue, 'connectors' | 'capabilities' | 'connections'>;

/** What a written use stands for. Without a catalogue a bare name is taken for a connector. */
export function resolveUse(use: WrittenUse, names: Names | undefined): Use {
  if (use.kind === 'connection') {
    const connector = names?.connections?.get(use.connection)?.connector;
    return { ...use, connector: use.connector === '' ? (connector ?? '') : use.connector };
  }
  if (use.kind !== 'name') return use;
  const isCapability = names && !names.connectors.has(use.name) && names.capabilities.has(use.name);
  return isCapability
    ? { kind: 'capability', capability: use.name, targets: 'one' }
    : { kind: 'connector', connector: use.name };
}

/** Makes the plan of a document that was read without errors. */
export function completePlan(document: ReadPlan, source: string, names: Names | undefined): Plan {
  const read = withPublishing(document);
  const byId = new Map<string, Step>();
  for (const list of [read.steps, read.onError, read.onCancel, read.finally]) {
    eachStep(list, (step) => byId.set(step.id, step));
  }
  const uses = Object.fromEntries(Object.entries(read.uses).map(([alias, use]) => [alias, resolveUse(use, names)]));
  return { ...read, uses, byId, source, version: sha256(`${read.id}\n${source}`) };
}

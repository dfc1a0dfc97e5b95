import type { Catalogue, PlaybookSignature } from './catalogue.ts';
import { type CheckedPlaybook, checkPlaybook } from './check.ts';
import type { ReadPlan } from './grammar/playbook.ts';
import { readDocument } from './grammar/read.ts';
import { eachStep } from './walk.ts';

/**
 * Checks documents that may call each other, each with the signatures of those it calls; those in the catalogue are
 * known besides. Playbooks that call each other in circles get `playbook.call_cycle`, not "unknown".
 *
 * @param texts the documents, under any key (such as a file name)
 */
export function checkPlaybooks(
  texts: ReadonlyMap<string, string>,
  catalogue: Catalogue,
): ReadonlyMap<string, CheckedPlaybook> {
  const outlines = new Map([...texts].map(([key, text]) => [key, outlineOf(text)]));
  const outlined = [...outlines.values()].flatMap((one) => (one ? [[one.id, one.signature] as const] : []));
  const known = new Map([...catalogue.playbooks, ...outlined]);
  const results = new Map<string, CheckedPlaybook>();
  const waiting = new Set(texts.keys());
  const unfinished = new Set(outlined.map(([id]) => id));
  const check = (key: string): void => {
    const result = checkPlaybook(texts.get(key) ?? '', { ...catalogue, playbooks: known });
    const outline = outlines.get(key);
    if (outline && result.signature) known.set(outline.id, result.signature);
    if (outline) unfinished.delete(outline.id);
    waiting.delete(key);
    results.set(key, result);
  };
  for (let before = -1; waiting.size !== before; ) {
    before = waiting.size;
    for (const key of waiting) {
      if (!outlines.get(key)?.signature.calls.some((id) => unfinished.has(id))) check(key);
    }
  }
  // What is left calls in circles, or calls what does.
  for (const key of waiting) check(key);
  return new Map(
    [...texts.keys()].flatMap((key) => {
      const result = results.get(key);
      return result ? [[key, result] as const] : [];
    }),
  );
}

/** What can be said of a playbook before it is checked: its inputs and calls; its outputs may be anything. */
function outlineOf(text: string): { readonly id: string; readonly signature: PlaybookSignature } | undefined {
  const { plan } = readDocument(text);
  if (plan?.kind !== 'playbook' || plan.id === '') return undefined;
  const signature = { inputs: plan.inputs, outputs: {}, calls: callsOf(plan), needsEvent: false };
  return { id: plan.id, signature };
}

function callsOf(plan: ReadPlan): readonly string[] {
  const calls = new Set<string>();
  for (const list of [plan.steps, plan.onError, plan.onCancel, plan.finally]) {
    eachStep(list, (step) => {
      if (step.verb === 'call') calls.add(step.playbook);
    });
  }
  return [...calls];
}

import type { ExpressionType } from '@counterpoint/expressions';
import type { Catalogue, PlaybookSignature } from './catalogue.ts';
import type { Checking } from './check/context.ts';
import { checkDocument } from './check/document.ts';
import { signatureOf } from './check/signature.ts';
import { type Variant, variantsOf } from './check/variants.ts';
import type { Compilation } from './compile.ts';
import type { MapNode } from './document/node.ts';
import type { Finding } from './finding.ts';
import type { ReadPlan } from './grammar/playbook.ts';
import { type ReadDocument, readDocument } from './grammar/read.ts';
import type { Step } from './plan.ts';
import { sortFindings } from './report.ts';
import { completePlan, resolveUse } from './resolve.ts';
import { eachStep } from './walk.ts';

/** What checking a document gave. */
export interface CheckedPlaybook extends Compilation {
  /** How others call it; undefined for reactions, and when there are errors. */
  readonly signature: PlaybookSignature | undefined;
}

/**
 * Checks a playbook or reaction against everything that is known before it runs, and compiles it when there are no
 * errors. With several triggers, every expression is checked for each of them. Never throws for a faulty document.
 */
export function checkPlaybook(text: string, catalogue: Catalogue): CheckedPlaybook {
  const document = readDocument(text);
  const { plan, root, report } = document;
  if (!plan || !root) return { plan: undefined, signature: undefined, findings: sortFindings(report.findings) };
  const results = variantsOf(document, plan, catalogue).map((variant) =>
    checkVariant(variant, document, plan, root.node, catalogue),
  );
  const findings = sortFindings([...report.findings, ...mergeFindings(results)]);
  if (findings.some((finding) => finding.severity === 'error')) {
    return { plan: undefined, signature: undefined, findings };
  }
  const [first] = results;
  const isPlaybook = plan.kind === 'playbook' && first;
  return {
    plan: completePlan(plan, text, catalogue),
    signature: isPlaybook ? signatureOf(plan, first.outputs, first.calls, first.reads) : undefined,
    findings,
  };
}

/** The names that an expression sees, once for each way of starting the document. */
export type NamesInSight = readonly Readonly<Record<string, ExpressionType>>[];

/**
 * The names that the innermost expression around an offset sees; undefined when the document cannot be read as far as
 * that, or there is none.
 */
export function namesAt(text: string, offset: number, catalogue: Catalogue): NamesInSight | undefined {
  const document = readDocument(text);
  const { plan, root } = document;
  if (!plan || !root) return undefined;
  const found = variantsOf(document, plan, catalogue).flatMap((variant) => {
    let best: { readonly size: number; readonly names: NamesInSight[number] } | undefined;
    const onNames: Checking['onNames'] = ({ position: { from, to } }, names) => {
      const holds = from <= offset && offset <= to;
      if (holds && to - from <= (best?.size ?? Number.POSITIVE_INFINITY)) best = { size: to - from, names };
    };
    checkVariant(variant, document, plan, root.node, catalogue, { onNames, until: offset });
    return best ? [best.names] : [];
  });
  return found.length === 0 ? undefined : found;
}

interface VariantResult {
  readonly variant: Variant;
  readonly outputs: ExpressionType;
  readonly calls: ReadonlySet<string>;
  readonly reads: readonly string[][];
}

function checkVariant(
  variant: Variant,
  document: ReadDocument,
  plan: ReadPlan,
  root: MapNode,
  catalogue: Catalogue,
  asked: Pick<Checking, 'onNames' | 'until'> = {},
): VariantResult {
  const byId = new Map<string, Step>();
  for (const list of [plan.steps, plan.onError, plan.onCancel, plan.finally]) {
    eachStep(list, (step) => byId.set(step.id, step));
  }
  const uses = Object.entries(plan.uses).map(([alias, use]) => [alias, resolveUse(use, catalogue)]);
  const reads: string[][] = [];
  const expressions: string[] = [];
  const checking: Checking = {
    document,
    plan,
    root,
    trigger: variant.trigger,
    catalogue,
    report: variant.report,
    uses: Object.fromEntries(uses),
    byId,
    common: variant.common,
    reads,
    expressions,
    remember(source, paths) {
      if (source !== '') expressions.push(source);
      reads.push(...paths);
    },
    ...asked,
    usedAliases: new Set(),
    calls: new Set(),
  };
  const outputs = checkDocument(variant.trigger, checking);
  return { variant, outputs, calls: checking.calls, reads };
}

function keyOf(finding: Finding): string {
  return `${finding.code} ${finding.position.from} ${finding.message}`;
}

/** Findings of all variants, each once; one that only some triggers cause says which. */
function mergeFindings(results: readonly VariantResult[]): readonly Finding[] {
  const merged = new Map<string, { finding: Finding; triggers: string[] }>();
  for (const { variant } of results) {
    for (const finding of variant.report.findings) {
      const entry = merged.get(keyOf(finding)) ?? { finding, triggers: [] };
      entry.triggers.push(variant.trigger?.id ?? '');
      merged.set(keyOf(finding), entry);
    }
  }
  return [...merged.values()].map(({ finding, triggers }) => {
    if (triggers.length === results.length) return finding;
    return { ...finding, message: `${finding.message.replace(/\.$/, '')} (when started by ${triggers.join(', ')}).` };
  });
}

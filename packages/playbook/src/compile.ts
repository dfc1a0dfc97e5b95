import type { Finding } from './finding.ts';
import { readDocument } from './grammar/read.ts';
import type { Plan } from './plan.ts';
import { sortFindings } from './report.ts';
import { completePlan, type Names } from './resolve.ts';

/** What helps compiling. */
export interface CompileOptions {
  /** Tells connectors from capabilities in `uses`; without it, a bare name is a connector. */
  readonly names?: Names;
}

/** A compiled document, or why it could not be compiled. */
export interface Compilation {
  /** Undefined when there are errors. */
  readonly plan: Plan | undefined;
  /** In the order of the document. */
  readonly findings: readonly Finding[];
}

/**
 * Compiles a playbook or reaction: grammar and expressions are checked, but nothing that needs a catalogue (actions,
 * topics, types). Meant for documents that `checkPlaybook` has passed before. Never throws.
 */
export function compilePlaybook(text: string, options: CompileOptions = {}): Compilation {
  const { plan, report } = readDocument(text);
  const findings = sortFindings(report.findings);
  return { plan: plan && !report.failed ? completePlan(plan, text, options.names) : undefined, findings };
}

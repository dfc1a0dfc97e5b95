import type { Finding } from './finding.ts';
import type { FindingSpec } from './findings/spec.ts';
import { type FindingName, type FindingParams, findingSpecs } from './findings.ts';
import type { Position } from './plan.ts';

/** Collects findings. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly failed: boolean;
  add<Name extends FindingName>(
    name: Name,
    position: Position,
    params: FindingParams<Name>,
    suggestion?: string | undefined,
  ): void;
  /** Adds a finding of another package. */
  put(finding: Finding): void;
}

function fill(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (hole, name: string) => (name in params ? String(params[name]) : hole));
}

// Several symptoms of one cause.
const ONCE_A_PLACE: ReadonlySet<string> = new Set(['playbook.quote_expression', 'playbook.yaml']);

/** Makes an empty {@link Report}; the same finding at the same place is kept once. */
export function createReport(): Report {
  const findings: Finding[] = [];
  const seen = new Set<string>();
  let failed = false;
  const put = (finding: Finding): void => {
    const one = ONCE_A_PLACE.has(finding.code) ? '' : finding.message;
    const key = `${finding.code} ${finding.position.from} ${one}`;
    if (seen.has(key)) return;
    seen.add(key);
    findings.push(finding);
    failed ||= finding.severity === 'error';
  };
  return {
    findings,
    get failed() {
      return failed;
    },
    put,
    add(name, position, params, suggestion) {
      const spec: FindingSpec = findingSpecs[name];
      put({
        code: `playbook.${name}`,
        severity: spec.severity ?? 'error',
        message: fill(spec.message, params),
        suggestion,
        position,
      });
    },
  };
}

/** Findings in the order of the document; at one place errors before warnings. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (a, b) => a.position.from - b.position.from || a.severity.localeCompare(b.severity) || (a.code < b.code ? -1 : 1),
  );
}

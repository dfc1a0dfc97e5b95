import type { Finding } from '@counterpoint/playbook';
import { errors } from './errors.ts';
import type { CheckedSource } from './playbook-desk.ts';

/** A finding as the API shows it. */
export function findingView({ code, severity, message, suggestion, position }: Finding) {
  return { code, severity, message, suggestion: suggestion ?? null, line: position.line, column: position.column };
}

/** The plan of a source that was checked. @throws api.findings */
export function planWithoutErrors({ plan, findings }: CheckedSource) {
  if (plan) return plan;
  const wrong = findings.filter((finding) => finding.severity === 'error');
  const [first] = wrong;
  const where = first ? `line ${first.position.line}: ${first.message.replace(/\.$/, '')}` : 'it cannot be read';
  throw errors.findings({ count: wrong.length, first: where }, { details: { findings: wrong.map(findingView) } });
}

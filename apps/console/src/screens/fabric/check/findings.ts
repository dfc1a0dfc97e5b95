import type { CallResult } from '@counterpoint/sdk';

/** One finding of the check of the fabric. */
export type Finding = CallResult<'checkFabric'>['findings'][number];

/** How many findings there are, in words, with the tone of the worst. */
export interface Tally {
  readonly words: string;
  readonly tone: 'bad' | 'warn' | 'calm' | 'good';
}

const NOUNS = { error: ['error', 'errors'], warning: ['warning', 'warnings'], info: ['remark', 'remarks'] } as const;

/** Counts findings. */
export function tally(findings: readonly Pick<Finding, 'severity'>[]): Tally {
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length;
  const kinds = (['error', 'warning', 'info'] as const).filter((severity) => count(severity) > 0);
  const words = kinds
    .map((severity) => `${count(severity)} ${NOUNS[severity][count(severity) === 1 ? 0 : 1]}`)
    .join(', ');
  const tone = ({ error: 'bad', warning: 'warn', info: 'calm' } as const)[kinds[0] ?? 'info'];
  return kinds.length === 0 ? { words: 'fine', tone: 'good' } : { words, tone };
}

/** Where what a finding is about can be looked at: the editor of a plan, the page of a participant. */
export function placeOfFinding(
  of: string,
): { readonly path: string; readonly search: Readonly<Record<string, string>> } | undefined {
  const colon = of.indexOf(':');
  const id = encodeURIComponent(of.slice(colon + 1));
  switch (of.slice(0, colon)) {
    case 'reaction':
    case 'playbook':
      return { path: `/playbooks/${id}`, search: { tab: 'editor' } };
    case 'participant':
      return { path: `/fabric/participants/${id}`, search: {} };
    default:
      return undefined;
  }
}

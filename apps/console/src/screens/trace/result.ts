import type { TraceNode } from '@counterpoint/contracts';

const SHOWN = 3;
const SHORT = 40;

function isShort(value: unknown): value is string | number | boolean {
  if (typeof value === 'string') return value !== '' && value.length <= SHORT;
  return typeof value === 'number' || typeof value === 'boolean';
}

/** What came out of a step in a few words: its first short values, such as `score 100 · known yes`. */
export function resultOf({ kind, detail }: Pick<TraceNode, 'kind' | 'detail'>): string {
  if (kind !== 'step' || !Array.isArray(detail)) return '';
  const ended = detail.findLast((entry) => (entry as { readonly kind?: unknown }).kind === 'step_ended');
  const output = (ended as { readonly data?: { readonly output?: unknown } } | undefined)?.data?.output;
  if (output === null || typeof output !== 'object' || Array.isArray(output)) return '';
  return Object.entries(output)
    .filter(([name, value]) => isShort(value) && !name.endsWith('_id'))
    .slice(0, SHOWN)
    .map(
      ([name, value]) => `${name.replaceAll('_', ' ')} ${typeof value === 'boolean' ? (value ? 'yes' : 'no') : value}`,
    )
    .join(' · ');
}

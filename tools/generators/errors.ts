import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorSpec } from '@counterpoint/core';
import { GENERATED, table } from './markdown.ts';

/** Every error of every package, by code. @throws Error when two packages declare one code. */
export async function collectErrors(root: string): Promise<ReadonlyMap<string, ErrorSpec>> {
  const all = new Map<string, ErrorSpec>();
  for (const file of globSync('{packages,apps}/*/src/errors.ts', { cwd: root }).sort()) {
    const module: Record<string, unknown> = await import(join(root, file));
    for (const exported of Object.values(module)) {
      if (!exported || typeof exported !== 'object' || !('specs' in exported)) continue;
      for (const [code, spec] of Object.entries(exported.specs as Record<string, ErrorSpec>)) {
        if (all.has(code)) throw new Error(`the error ${code} is declared twice`);
        all.set(code, spec);
      }
    }
  }
  return new Map([...all].sort(([a], [b]) => a.localeCompare(b)));
}

/** The reference page of errors. */
export async function errorsPage(root: string): Promise<string> {
  const rows = [...(await collectErrors(root))].map(([code, spec]) => [
    `\`${code}\``,
    String(spec.status),
    spec.retryable ? 'yes' : 'no',
    spec.message,
    spec.help,
  ]);
  return `${GENERATED}
# Errors

Every error has a stable code. Over HTTP it is an \`application/problem+json\` body (RFC 9457) with \`code\`, \`detail\`,
\`help\` and \`retryable\`; on the command line it is printed with the same words. Names in braces are filled in.

${table(['code', 'status', 'try again', 'what happened', 'what to do'], rows)}
`;
}

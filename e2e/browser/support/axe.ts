import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[];
}

/**
 * What axe-core finds wrong on the page for people who cannot see or point (WCAG 2.2 A and AA), as one line each; only
 * findings of impact `serious` or `critical`.
 */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // By the debugger, not by a script element: the page's policy allows none.
  await page.evaluate(AXE);
  const violations: readonly Violation[] = await page.evaluate(async () => {
    const axe = (
      globalThis as unknown as { axe: { run(on: unknown, how: unknown): Promise<{ violations: Violation[] }> } }
    ).axe;
    const how = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
    const page = (globalThis as unknown as { document: unknown }).document;
    return (await axe.run(page, how)).violations;
  });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes
        .slice(0, 5)
        .map((node) => `${id}: ${help} at ${node.target.join(' ')} (${node.failureSummary.replace(/\s+/g, ' ')})`),
    );
}

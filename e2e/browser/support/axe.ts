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

/** The rules of WCAG 2.2 A and AA, and those of them that another theme can break. */
const RULES = {
  all: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  colours: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
} as const;

/**
 * What axe-core finds wrong on the page for people who cannot see or point (WCAG 2.2 A and AA), as one line each; only
 * findings of impact `serious` or `critical`.
 *
 * @param rules `colours`: only what can differ between themes, for a page that `all` has looked at in another theme
 */
export async function seriousFindings(page: Page, rules: keyof typeof RULES = 'all'): Promise<readonly string[]> {
  // By the debugger, not by a script element: the page's policy allows none.
  if (!(await page.evaluate<boolean>('"axe" in globalThis'))) await page.evaluate(AXE);
  const violations: readonly Violation[] = await page.evaluate(async (runOnly) => {
    const axe = (
      globalThis as unknown as { axe: { run(on: unknown, how: unknown): Promise<{ violations: Violation[] }> } }
    ).axe;
    const page = (globalThis as unknown as { document: unknown }).document;
    return (await axe.run(page, { runOnly, resultTypes: ['violations'] })).violations;
  }, RULES[rules]);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes
        .slice(0, 5)
        .map((node) => `${id}: ${help} at ${node.target.join(' ')} (${node.failureSummary.replace(/\s+/g, ' ')})`),
    );
}

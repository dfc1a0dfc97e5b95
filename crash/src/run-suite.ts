import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Options } from './options.ts';
import { scenarioLines, summaryLines } from './report.ts';
import type { Scenario, ScenarioResult } from './scenarios/scenario.ts';

/** Runs scenarios one after the other, says what they found, and gives it. Data stays when something was violated. */
export async function runSuite(
  scenarios: readonly Scenario[],
  options: Options,
  print: (line: string) => void,
): Promise<readonly ScenarioResult[]> {
  const parent = options.dir ?? tmpdir();
  mkdirSync(parent, { recursive: true });
  const root = mkdtempSync(join(parent, 'counterpoint-crash-'));
  print(`seed ${options.seed}, data in ${root}`);
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    const began = Date.now();
    print(`… ${scenario.name}: ${scenario.title}`);
    const say = (line: string): void => print(`  ${scenario.name}: ${line}`);
    const result = await scenario.run({ ...options, folder: join(root, scenario.name), say });
    results.push(result);
    for (const line of scenarioLines(result)) print(line);
    print(`   ${((Date.now() - began) / 1_000).toFixed(1)} s`);
  }
  for (const line of summaryLines(results, options.seed)) print(line);
  const violated = results.some(({ violations }) => violations.length > 0);
  if (!violated && !options.keep) rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  return results;
}

import pc from 'picocolors';
import { guarantees, type Violation } from './check/violation.ts';
import { addFigures, type Figures, type ScenarioResult } from './scenarios/scenario.ts';

/** How many violations are shown in full, about. */
const SHOWN = 10;

/** The value below which so much (0 to 1) of the sorted values lie; 0 for none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function figuresLine({ kills, runs, effects, repeats, duplicates, losses, recoveries }: Figures): string {
  return [
    `kills ${kills}`,
    `runs ${runs}`,
    `effects ${effects}`,
    `calls repeated with the same key ${repeats}`,
    `duplicates ${duplicates}`,
    `losses ${losses}`,
    `recovery p50 ${quantile(recoveries, 0.5)} ms, p99 ${quantile(recoveries, 0.99)} ms`,
  ].join(' · ');
}

function violationLines({ guarantee, what, evidence }: Violation): string[] {
  const title = `${pc.red('violated')} ${guarantee}: ${guarantees[guarantee]}`;
  return [title, `  ${what}`, ...evidence.slice(0, 6).map((line) => pc.dim(`    ${line.slice(0, 400)}`))];
}

/** The violations that are shown: of each guarantee some, so that many of one hide no other. */
function shownOf(violations: readonly Violation[]): readonly Violation[] {
  const groups = [...Map.groupBy(violations, ({ guarantee }) => guarantee).values()];
  const each = Math.max(1, Math.floor(SHOWN / Math.max(1, groups.length)));
  return groups.flatMap((group) => group.slice(0, each));
}

/** What is said of one scenario. */
export function scenarioLines({ name, figures, violations, skipped, notes }: ScenarioResult): string[] {
  if (skipped !== undefined) return [`${pc.yellow('skipped')} ${name}: ${skipped}`];
  const mark = violations.length === 0 ? pc.green('ok') : pc.red('FAIL');
  const shown = shownOf(violations);
  const hidden = violations.length - shown.length;
  return [
    `${mark} ${name}: ${figuresLine(figures)}`,
    ...notes.map((note) => `   ${note}`),
    ...shown.flatMap(violationLines),
    ...(hidden > 0 ? [`   and ${hidden} violations more`] : []),
  ];
}

/** The last lines: everything together, and how to do it again. */
export function summaryLines(results: readonly ScenarioResult[], seed: number): string[] {
  const found = results.flatMap(({ violations }) => violations);
  const skipped = results.filter((one) => one.skipped !== undefined).map(({ name }) => name);
  const names = [...new Set(found.map(({ guarantee }) => guarantee))].map((one) => `${one} (${guarantees[one]})`);
  return [
    `seed ${seed} · ${figuresLine(addFigures(results.map(({ figures }) => figures)))}`,
    ...(skipped.length > 0 ? [pc.yellow(`not tried here: ${skipped.join(', ')}`)] : []),
    found.length === 0 ? 'every guarantee held' : `${found.length} violations of ${names.join(', ')}`,
  ];
}

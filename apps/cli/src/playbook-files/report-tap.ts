import { failureLines, findingLines, type TestedFile } from './report.ts';

/** A description as TAP 14 takes it: one line, with `#` and `\` escaped. */
function escapeTap(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\#]/g, (sign) => `\\${sign}`);
}

/** Results in the Test Anything Protocol, version 14: a test point for each test, the reasons as a YAML block. */
export function reportTap(files: readonly TestedFile[]): string {
  const points = files.flatMap((tested): { ok: boolean; name: string; lines: readonly string[] }[] => {
    const { file, results } = tested;
    const wrong = findingLines(tested);
    const broken = wrong.length === 0 ? [] : [{ ok: false, name: `${file}: the file`, lines: wrong }];
    return [
      ...results.map((result) => {
        return { ok: result.passed, name: `${file}: ${result.name}`, lines: failureLines(file, result) };
      }),
      ...broken,
    ];
  });
  const lines = points.flatMap(({ ok, name, lines: reasons }, index) => [
    `${ok ? 'ok' : 'not ok'} ${index + 1} - ${escapeTap(name)}`,
    ...(reasons.length === 0
      ? []
      : ['  ---', '  reasons:', ...reasons.map((one) => `    - ${JSON.stringify(one)}`), '  ...']),
  ]);
  return ['TAP version 14', `1..${points.length}`, ...lines, ''].join('\n');
}

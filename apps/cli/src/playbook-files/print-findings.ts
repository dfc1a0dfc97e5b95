import pc from 'picocolors';
import { line, safe } from '../terminal.ts';
import type { ExaminedFile } from './examine.ts';
import type { FileFinding } from './file-finding.ts';

/** How much of a long line is shown. */
const WIDTH = 110;

/** The source line of a finding with a caret under it; none when there is no such line. */
export function excerpt(text: string, { line: number, column, length }: FileFinding): readonly string[] {
  const whole = text.split('\n')[number - 1]?.replace(/\r$/, '');
  if (whole === undefined || whole.trim() === '') return [];
  const start = column - 1 > WIDTH - 20 ? column - 1 - WIDTH / 2 : 0;
  const part = whole.slice(start, start + WIDTH);
  const before = start > 0 ? '…' : '';
  const after = start + WIDTH < whole.length ? '…' : '';
  const at = before.length + column - 1 - start;
  const carets = '^'.repeat(Math.max(1, Math.min(length, before.length + part.length - at)));
  const gutter = String(number);
  // One sign for each character, so that the caret stands under what it means.
  const shown = `${before}${part}${after}`.replace(/\t/g, ' ');
  return [
    `${pc.dim(`${gutter} │`)} ${safe(shown)}`,
    `${pc.dim(`${' '.repeat(gutter.length)} │`)} ${' '.repeat(at)}${pc.red(carets)}`,
  ];
}

/** Prints the findings of one file: place, severity, code, message, the line, and what to do. */
export function printFindings({ file, text, findings }: Pick<ExaminedFile, 'file' | 'text' | 'findings'>): void {
  for (const finding of findings) {
    const colour = finding.severity === 'error' ? pc.red : pc.yellow;
    const place = `${safe(file)}:${finding.line}:${finding.column}`;
    line(`${pc.bold(place)} ${colour(finding.severity)} ${pc.dim(finding.code)} ${safe(finding.message)}`);
    for (const part of excerpt(text, finding)) line(`  ${part}`);
    if (finding.suggestion !== undefined) line(`  ${pc.green(`did you mean: ${safe(finding.suggestion)}`)}`);
    if (finding.help !== undefined) line(`  ${pc.dim(finding.help)}`);
    line();
  }
}

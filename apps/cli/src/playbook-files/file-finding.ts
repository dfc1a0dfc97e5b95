import { testFindings } from '@counterpoint/engine';
import { type Finding, findingCatalogue } from '@counterpoint/playbook';

/** Something that is wrong in a content file. */
export interface FileFinding {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** How many characters it spans; at least 1. */
  readonly length: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  /** What to write instead, when that is known. */
  readonly suggestion?: string;
  /** What the author can do. */
  readonly help?: string;
}

const helps: ReadonlyMap<string, string> = new Map([
  ...findingCatalogue.map(({ code, help }): [string, string] => [code, help]),
  ...Object.entries(testFindings).map(([name, { help }]): [string, string] => [`playbook_test.${name}`, help]),
]);

/** A finding of a checker, as files have them. */
export function fileFinding({ code, severity, message, suggestion, position }: Finding): FileFinding {
  const { line, column, from, to } = position;
  const help = helps.get(code);
  return {
    line,
    column,
    length: Math.max(1, to - from),
    severity,
    code,
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(help === undefined ? {} : { help }),
  };
}

/** An error at a place that has no length. */
export function plainFinding(code: string, message: string, place = { line: 1, column: 1 }): FileFinding {
  const { line, column } = place;
  return { line: Math.max(1, line), column: Math.max(1, column), length: 1, severity: 'error', code, message };
}

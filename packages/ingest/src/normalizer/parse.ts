import { nearest } from '@counterpoint/core';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { compileNormalizer, type Normalizer } from './compile.ts';
import { normalizerDocument } from './document.ts';
import type { Complain, NormalizerFinding, NormalizerProblem } from './problems.ts';

/** A normaliser, or why there is none. */
export interface ParsedNormalizer {
  /** Undefined when there are findings. */
  readonly normalizer: Normalizer | undefined;
  readonly findings: readonly NormalizerFinding[];
}

type Place = readonly PropertyKey[];

const MAX_SIZE = 256 * 1024;
const KEYS = [
  ...Object.keys(normalizerDocument.shape),
  ...['from', 'when', 'map', 'default', 'format', 'path', 'template', 'expression', 'value', 'scale', 'if', 'reason'],
  ...['ids', 'techniques', 'tactics', 'ignore', 'add', 'type', 'name', 'vendor_name'],
];

/**
 * Reads a normaliser file (YAML 1.2, `kind: normalizer/v1`). Never throws: whatever is wrong is a finding with a code
 * and a place, warnings of the YAML library too. Nothing in a document is ever run as code; expressions are CEL.
 */
export function parseNormalizer(text: string): ParsedNormalizer {
  const lines = new LineCounter();
  const findings: NormalizerFinding[] = [];
  const at = (path: Place, offset: number, code: NormalizerProblem, message: string) => {
    const { line, col } = lines.linePos(offset);
    findings.push({
      code: `normalizer.${code}`,
      path: pathText(path),
      message,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
    });
  };
  const parsed = readYaml(text, lines, (offset, message) => at([], offset, 'yaml', message));
  if (parsed === undefined) return { normalizer: undefined, findings };
  const place = (path: Place) => parsed.offsetOf(path);
  const result = normalizerDocument.safeParse(parsed.value);
  if (!result.success) {
    for (const issue of result.error.issues)
      reportIssue(issue, [], (path, code, message) => at(path, place(path), code, message));
    return { normalizer: undefined, findings };
  }
  const complain: Complain = (path, code, message) => at(path, place(path), code, message);
  const normalizer = compileNormalizer(result.data, text, complain);
  return { normalizer: findings.length === 0 ? normalizer : undefined, findings };
}

function readYaml(text: string, lines: LineCounter, problem: (offset: number, message: string) => void) {
  if (text.length > MAX_SIZE) {
    problem(0, `The document is larger than ${MAX_SIZE} characters.`);
    return undefined;
  }
  try {
    const document = parseDocument(text, {
      version: '1.2',
      strict: true,
      prettyErrors: false,
      lineCounter: lines,
      logLevel: 'silent',
    });
    const troubles = [...document.errors, ...document.warnings];
    for (const trouble of troubles) problem(trouble.pos[0], trouble.message);
    if (troubles.length > 0) return undefined;
    const offsetOf = (path: Place): number => {
      for (let length = path.length; length >= 0; length--) {
        const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
        const range = (node as { range?: readonly number[] | null } | undefined)?.range;
        if (range) return range[0] ?? 0;
      }
      return 0;
    };
    return { value: document.toJS({ maxAliasCount: 0 }) as unknown, offsetOf };
  } catch (error) {
    problem(0, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

function reportIssue(
  issue: z.core.$ZodIssue,
  base: Place,
  report: (path: Place, code: NormalizerProblem, message: string) => void,
): void {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) {
      const near = nearest(key, KEYS);
      report(
        [...path, key],
        'unknown_key',
        `"${key}" is not known here.${near === undefined ? '' : ` Did you mean "${near}"?`}`,
      );
    }
  } else if (issue.code === 'invalid_union') {
    // The branch that got furthest is the one that was meant.
    const branches = issue.errors.filter((branch) =>
      branch.some((one) => one.code === 'unrecognized_keys' || one.path.length > 0),
    );
    const [meant] = branches.sort((a, b) => a.length - b.length);
    if (meant === undefined) report(path, 'schema', 'A path, a list of them, or {from: …} is expected here.');
    else for (const inner of meant) reportIssue(inner, path, report);
  } else report(path, 'schema', `${issue.message}.`);
}

function pathText(path: Place): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

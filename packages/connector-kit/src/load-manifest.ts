import { type Document, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { errors } from './errors.ts';
import type { ConnectorManifest } from './manifest.ts';
import { type ManifestProblem, manifestProblems } from './manifest-checks.ts';
import { manifestSchema } from './manifest-schema.ts';

interface Source {
  readonly value: unknown;
  /** `line:column` of a place, 1-based; empty when it is not known. */
  at(path: ManifestProblem['path']): string;
}

function invalid(connector: string, problems: readonly string[]): Error {
  const rest = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return errors.manifest_invalid(
    { connector, reason: `${problems[0] ?? 'unreadable'}${rest}` },
    { details: { problems } },
  );
}

function positionOf(document: Document, lines: LineCounter, path: ManifestProblem['path']): string {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] } | undefined)?.range;
    if (range?.[0] === undefined) continue;
    const { line, col } = lines.linePos(range[0]);
    return `${line}:${col} `;
  }
  return '';
}

function readSource(source: string | object): Source {
  if (typeof source !== 'string') return { value: source, at: () => '' };
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, strict: true });
  const trouble = [...document.errors, ...document.warnings].map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return `${line}:${col} ${message}`;
  });
  if (trouble.length > 0) throw invalid('(unread)', trouble);
  return { value: document.toJS({ maxAliasCount: 20 }) as unknown, at: (path) => positionOf(document, lines, path) };
}

function isUnknownKey(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys';
}

/**
 * Reads a connector's manifest from YAML text or an object, and checks everything that can be checked without a
 * connection: its form, unknown keys (with the nearest name), JSON Schemas, expressions, templates and references.
 *
 * @throws connector.manifest_invalid; `details.problems` lists all, each with line and column when read from text.
 */
export function loadManifest(source: string | object): ConnectorManifest {
  const { value, at } = readSource(source);
  const id = (value as { id?: unknown } | null)?.id;
  const connector = typeof id === 'string' ? id : '(without id)';
  const describe = ({ path, message }: ManifestProblem) => `${at(path)}${path.join('.') || 'manifest'}: ${message}`;
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    // An unknown key comes first: it is often why another one is missing.
    const issues = parsed.error.issues.toSorted((a, b) => Number(isUnknownKey(b)) - Number(isUnknownKey(a)));
    const problems = issues.map((issue) => {
      const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
      return describe({ path: isUnknownKey(issue) ? [...path, issue.keys[0] ?? ''] : path, message: issue.message });
    });
    throw invalid(connector, problems);
  }
  // exactOptionalPropertyTypes: Zod types optional members as possibly undefined, which parsed data never has.
  const manifest = parsed.data as ConnectorManifest;
  const problems = manifestProblems(manifest);
  if (problems.length > 0) throw invalid(connector, problems.map(describe));
  return manifest;
}

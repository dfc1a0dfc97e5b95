import { isCounterpointError, type Json } from '@counterpoint/core';
import { checkExpression } from './check.ts';
import type { ExpressionTables } from './check-context.ts';
import { type ExpressionFinding, findingOf } from './source.ts';
import { type JsonPath, type TemplateExpression, walkTemplate } from './template.ts';
import { type Segment, scanTemplate } from './template-scan.ts';
import { type ExpressionType, isUntrusted, joinAll, type ObjectField, types, untrusted } from './types.ts';

/** A problem inside a template: `offset` counts from the start of the string at `path`. */
export interface TemplateFinding extends ExpressionFinding {
  readonly path: JsonPath;
}

/** An expression of a template and what the checker knows about it. */
export interface TemplatePiece extends TemplateExpression {
  /** Whether it is the whole string, and so keeps its type; else it is written into text. */
  readonly whole: boolean;
  readonly type: ExpressionType;
  readonly untrusted: boolean;
}

/** What the checker found out about a template. */
export interface TemplateCheckResult {
  readonly type: ExpressionType;
  readonly findings: readonly TemplateFinding[];
  readonly reads: readonly string[][];
  /** Whether any part of the result is untrusted. */
  readonly untrusted: boolean;
  readonly pieces: readonly TemplatePiece[];
}

/** Checks every expression of a JSON value. Never throws for a faulty template: every problem is a finding. */
export function checkTemplate(
  value: Json,
  scope: Readonly<Record<string, ExpressionType>>,
  tables?: ExpressionTables,
): TemplateCheckResult {
  const findings: TemplateFinding[] = [];
  const pieces: TemplatePiece[] = [];
  const reads = new Map<string, string[]>();
  const checkPiece = (
    segment: Extract<Segment, { kind: 'expression' }>,
    path: JsonPath,
    whole: boolean,
  ): TemplatePiece => {
    const { source, offset } = segment;
    const result = checkExpression(source, scope, tables);
    findings.push(...result.findings.map((finding) => ({ ...finding, offset: finding.offset + offset, path })));
    for (const read of result.reads) reads.set(JSON.stringify(read), read);
    const piece = { source, offset, path, whole, type: result.type, untrusted: result.untrusted };
    pieces.push(piece);
    return piece;
  };
  const guarded = <T>(path: JsonPath, otherwise: T, work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!isCounterpointError(error)) throw error;
      findings.push({ ...findingOf(error), path: (error.details.path as JsonPath | undefined) ?? path });
      return otherwise;
    }
  };
  const type = guarded<ExpressionType>([], types.dyn, () =>
    walkTemplate<ExpressionType>(value, [], {
      constant: typeOfConstant,
      text: (text, path) =>
        guarded<ExpressionType>(path, types.dyn, () =>
          textType(scanTemplate(text), (segment, whole) => checkPiece(segment, path, whole)),
        ),
      list: (_list, items) => types.list(joinAll(items)),
      map: (_map, entries) => types.object(fieldsOf(entries)),
    }),
  );
  return { type, findings, reads: [...reads.values()], untrusted: isUntrusted(type), pieces };
}

function textType(
  segments: readonly Segment[],
  check: (segment: Extract<Segment, { kind: 'expression' }>, whole: boolean) => TemplatePiece,
): ExpressionType {
  const pieces = segments.flatMap((segment) =>
    segment.kind === 'expression' ? [check(segment, segments.length === 1)] : [],
  );
  const [only] = pieces;
  if (only?.whole) return only.type;
  return pieces.some((piece) => piece.untrusted) ? untrusted(types.string) : types.string;
}

function typeOfConstant(value: Json): ExpressionType {
  if (value === null) return types.null;
  if (typeof value === 'boolean') return types.bool;
  if (typeof value === 'number') return Number.isInteger(value) ? types.int : types.double;
  return types.string;
}

function fieldsOf(entries: readonly (readonly [string, ExpressionType])[]): Readonly<Record<string, ObjectField>> {
  const fields: Record<string, ObjectField> = Object.create(null);
  for (const [name, type] of entries) fields[name] = { type };
  return fields;
}

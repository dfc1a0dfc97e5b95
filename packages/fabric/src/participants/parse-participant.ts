import { isCounterpointError, nearest } from '@counterpoint/core';
import type { ParticipantRights, ParticipantRow } from '@counterpoint/events';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Contracts, type DeclarationProblem, offerProblems } from './check-offers.ts';
import { declaredShape } from './declaration-shape.ts';
import type { ParticipantDeclaration } from './participant.ts';

/** A participant as git declares it. */
export interface DeclaredParticipant {
  readonly declaration: ParticipantDeclaration;
  readonly kind: ParticipantRow['kind'];
  readonly rights: ParticipantRights;
  readonly trust: readonly string[];
}

/** One thing that is wrong in a participant file. */
export interface ParticipantFinding {
  /** Stable: `participant.yaml`, `participant.unknown_key`, `participant.schema` or `participant.offer`. */
  readonly code: string;
  readonly message: string;
  /** What to write instead, when that is known. */
  readonly suggestion: string | undefined;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** How a participant file is read. */
export interface ParticipantOptions {
  /** The capabilities that offers are held against; undefined: they are not known here. */
  readonly contracts?: Contracts | undefined;
  /** It came with the product, whose tests have checked its offers; checking them takes its time. Default false. */
  readonly shipped?: boolean;
}

/** A participant, or why there is none. */
export interface ParsedParticipant {
  /** Undefined when there are findings. */
  readonly participant: DeclaredParticipant | undefined;
  readonly findings: readonly ParticipantFinding[];
}

type Path = readonly PropertyKey[];
type Report = (code: string, path: Path, message: string, suggestion?: string) => void;

const LARGEST = 256 * 1024;
const KEYS = [...Object.keys(declaredShape.shape), 'publish', 'subscribe', 'offer', 'invoke'];

function readYaml(text: string) {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    strict: true,
    prettyErrors: false,
    lineCounter: lines,
    logLevel: 'silent',
  });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const at = (path: Path) => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: readonly number[] | null } | undefined;
      if (node?.range) return place(node.range[0] ?? 0);
    }
    return place(document.contents?.range?.[0] ?? 0);
  };
  return { document, place, at };
}

function reportIssue(issue: z.core.$ZodIssue, report: Report): void {
  if (issue.code !== 'unrecognized_keys') {
    report('schema', issue.path, `${placed(issue.path)}${issue.message}.`);
    return;
  }
  for (const key of issue.keys) {
    report('unknown_key', [...issue.path, key], `"${key}" is not known here.`, nearest(key, KEYS));
  }
}

function reportProblem({ path, message, suggestion }: DeclarationProblem, report: Report): void {
  const unknown = message.startsWith('unknown key');
  report(unknown ? 'unknown_key' : 'offer', path, `${placed(path)}${message}.`, suggestion);
}

function placed(path: Path): string {
  return path.length === 0 ? '' : `${path.map(String).join('.')}: `;
}

function declaredOf({ kind: _kind, joins_with, rights, trust, ...what }: z.output<typeof declaredShape>) {
  const declaration = what as unknown as ParticipantDeclaration;
  const { id, publishes, subscribes, offers } = declaration;
  const offered = Object.keys(offers).map((name) => `${id}.${name}`);
  return {
    declaration,
    kind: joins_with,
    rights: {
      publish: rights.publish ?? publishes,
      subscribe: rights.subscribe ?? subscribes,
      offer: rights.offer ?? offered,
      invoke: rights.invoke ?? [],
    },
    trust,
  } satisfies DeclaredParticipant;
}

/**
 * Reads `content/participants/<id>.yaml` (YAML 1.2, `kind: participant/v1`). Never throws: whatever is wrong is a finding
 * with a place. Rights that it does not write follow from what it declares: it may publish, subscribe to and offer just that.
 */
export function parseParticipant(
  text: string,
  { contracts, shipped = false }: ParticipantOptions = {},
): ParsedParticipant {
  const findings: ParticipantFinding[] = [];
  const add = (code: string, message: string, place: { line: number; column: number }, suggestion?: string) =>
    findings.push({ code: `participant.${code}`, message, suggestion, ...place });
  const none = { participant: undefined, findings };
  if (text.length > LARGEST) {
    add('yaml', `The document is larger than ${LARGEST} characters.`, { line: 1, column: 1 });
    return none;
  }
  const { document, place, at } = readYaml(text);
  for (const trouble of [...document.errors, ...document.warnings]) {
    add('yaml', trouble.message, place(trouble.pos[0]));
  }
  if (findings.length > 0) return none;
  const report: Report = (code, path, message, suggestion) => add(code, message, at(path), suggestion);
  try {
    const parsed = declaredShape.safeParse(document.toJS({ maxAliasCount: 0 }));
    if (!parsed.success) {
      for (const issue of parsed.error.issues) reportIssue(issue, report);
      return none;
    }
    const participant = declaredOf(parsed.data);
    const problems = shipped ? [] : offerProblems(participant.declaration, contracts, 'unless_said');
    for (const problem of problems) reportProblem(problem, report);
    return findings.length === 0 ? { participant, findings } : none;
  } catch (error) {
    // Aliases: the library refuses them only when the value is made.
    const message = isCounterpointError(error) || error instanceof Error ? error.message : String(error);
    add('yaml', message, { line: 1, column: 1 });
    return none;
  }
}

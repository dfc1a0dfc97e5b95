import { Composer, type Document, type YAMLError } from 'yaml';
import type { Finding } from '../finding.ts';
import type { Report } from '../report.ts';
import { createReport, sortFindings } from '../report.ts';
import { convertNode } from './convert.ts';
import type { DocumentNode } from './node.ts';
import { quoted, slotAt } from './slots.ts';
import { createSource, type Source } from './source.ts';
import { documentLimits, tokenize } from './tokens.ts';

/** A parsed document: a tree of plain nodes with positions, undefined when it cannot be read at all. */
export interface ParsedDocument {
  readonly source: Source;
  readonly root: DocumentNode | undefined;
  readonly findings: readonly Finding[];
}

const COMPOSE_OPTIONS = {
  version: '1.2',
  schema: 'core',
  strict: true,
  prettyErrors: false,
  // Our own check is linear; the library's compares every pair of keys.
  uniqueKeys: false,
  resolveKnownTags: false,
  merge: false,
  logLevel: 'silent',
  // Dashes of lists are told by the tokens only.
  keepSourceTokens: true,
} as const;

/**
 * Reads one YAML 1.2 document. Never throws: whatever is wrong is a finding. Warnings of the YAML library, tags and
 * aliases in expressions are errors; size, nesting and aliases are bounded before anything is built.
 */
export function parseDocument(text: string): ParsedDocument {
  const known = recent.find(({ source }) => source.text === text);
  if (known) return known;
  const report = createReport();
  const source = createSource(text);
  const root = readRoot(source, report);
  const parsed = { source, root, findings: sortFindings(report.findings) };
  recent.unshift(parsed);
  recent.length = Math.min(recent.length, RECENT);
  return parsed;
}

// While a document is edited, the same text is outlined, checked, completed and edited one after another. The trees are
// readonly, so that they can be given out again.
const recent: ParsedDocument[] = [];
const RECENT = 4;

function readRoot(source: Source, report: Report): DocumentNode | undefined {
  const { text } = source;
  if (text.length > documentLimits.size) {
    report.add('too_large', source.position(0, 0), { size: text.length, limit: documentLimits.size });
    return undefined;
  }
  const result = tokenize(text);
  if ('broken' in result) {
    const position = source.position(result.offset, result.offset);
    if (result.broken === 'depth') report.add('too_deep', position, { limit: documentLimits.depth });
    else report.add('too_many_parts', position, { limit: documentLimits.lexemes, what: 'parts' });
    return undefined;
  }
  const documents = [...new Composer(COMPOSE_OPTIONS).compose(result.tokens, true, text.length)];
  const [first, second] = documents;
  if (!first) return undefined;
  for (const document of documents) reportYaml(document, source, report);
  if (second) {
    const start = second.contents?.range?.[0] ?? second.range[0];
    report.add('several_documents', source.position(start, start), {});
  }
  if (!first.contents || (first.contents.range?.[0] === first.contents.range?.[1] && text.trim() === '')) {
    if (!report.failed) report.add('empty_document', source.position(0, 0), {});
    return undefined;
  }
  return convertNode(first.contents, source, report);
}

function reportYaml(document: Document.Parsed, source: Source, report: Report): void {
  for (const problem of [...document.errors, ...document.warnings]) reportProblem(problem, source, report);
}

function reportProblem(problem: YAMLError, source: Source, report: Report): void {
  const [from, to] = problem.pos;
  const slot = slotAt(source.text, from);
  if (slot && (slot.to >= from || from - slot.to < 2)) {
    const position = source.position(slot.from, slot.to);
    report.add('quote_expression', position, { reason: reasonFor(slot.raw) }, quoted(slot));
    return;
  }
  // The conversion reports every tag, also those that the library resolves.
  if (problem.code === 'TAG_RESOLVE_FAILED') return;
  const position = source.position(from, Math.max(from, to));
  const reason = problem.message.split('\n')[0]?.replace(/\.$/, '') ?? problem.code;
  if (problem.name === 'YAMLWarning') report.add('yaml_warning', position, { reason });
  else report.add('yaml', position, { reason });
}

function reasonFor(raw: string): string {
  const first = raw[0] ?? '';
  const meanings: Readonly<Record<string, string>> = {
    '!': 'a leading "!" makes a tag of what follows',
    '"': 'a leading quote ends the text at the next quote',
    "'": 'a leading quote ends the text at the next quote',
    '[': 'a leading "[" begins a list',
    '{': 'a leading "{" begins a map',
    '&': 'a leading "&" makes an anchor',
    '*': 'a leading "*" makes an alias',
    '>': 'a leading ">" begins a block of text',
    '|': 'a leading "|" begins a block of text',
    '-': 'a leading "- " begins a list item',
    '%': 'a leading "%" is reserved',
    '@': 'a leading "@" is reserved',
    '`': 'a leading "`" is reserved',
  };
  return meanings[first] ?? (raw.includes(': ') ? '": " begins a map' : 'a special character stands in it');
}

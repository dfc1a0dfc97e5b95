import {
  brokenTopics,
  checkFabric,
  effectClasses,
  type FabricDocument,
  type FabricFinding,
  fabricFinding,
  readDocuments,
} from '@counterpoint/fabric';
import { parseTopic, type TopicDeclaration } from '@counterpoint/playbook';
import type { Command } from 'commander';
import pc from 'picocolors';
import { globalOptions, signedInClient } from '../context.ts';
import { errors } from '../errors.ts';
import { ExitCode } from '../exit-codes.ts';
import { kindOf } from '../playbook-files/content-kind.ts';
import { type FoundFile, findFiles } from '../playbook-files/find-files.ts';
import { excerpt } from '../playbook-files/print-findings.ts';
import { isDeclared, offlineWorld } from '../playbook-files/world.ts';
import { line, printJson, safe } from '../terminal.ts';

const CONTENT = ['**/*.{yaml,yml}', '**/{topics,capabilities}/*.json'];

/** A finding as it is told: of a file, or of something on the server. */
interface Told extends Pick<FabricFinding, 'code' | 'severity' | 'message' | 'help'> {
  readonly suggestion: string | null;
  readonly of: string;
  readonly line: number;
  readonly column: number;
  /** The lines of the source with a caret; none for what is on the server. */
  readonly shown: readonly string[];
}

interface Checked {
  readonly findings: readonly Told[];
  readonly actors: number;
  readonly topics: number;
}

/** The options of `counterpoint fabric check`. */
export interface CheckOptions {
  /** A folder with the topics as they were. */
  readonly against?: string;
  readonly server?: boolean;
  readonly strict?: boolean;
}

function documentsIn(files: readonly FoundFile[]): readonly FabricDocument[] {
  return files.flatMap(({ file, text }): FabricDocument[] => {
    const { kind } = kindOf(file, text);
    return kind === 'playbook' || kind === 'reaction' || kind === 'participant' ? [{ kind, file, text }] : [];
  });
}

function told(finding: FabricFinding, texts: ReadonlyMap<string, string>): Told {
  const { code, severity, message, help, suggestion = null, place } = finding;
  const { file: of, line: at, column, length } = place;
  const source = { line: at, column, length, severity: 'warning', code, message } as const;
  const shown = excerpt(texts.get(of) ?? '', source);
  return { code, severity, message, help, suggestion, of, line: at, column, shown };
}

/** Topics whose schema has changed since, and should have a new version for that. */
function changedTopics(files: readonly FoundFile[], against: string): readonly FabricFinding[] {
  const before = topicsIn(findFiles([against], ['**/topics/*.json']));
  const after = topicsIn(files);
  const of = new Map(files.map(({ file, text }) => [text, file]));
  return [...brokenTopics(before.topics, after.topics)].map(([topic, changes]) => {
    const file = of.get(after.texts.get(topic) ?? '') ?? topic;
    const next = topic.replace(/\d+$/, (version) => String(Number(version) + 1));
    const place = { file, line: 1, column: 1, length: 1 };
    return fabricFinding('topic_broken', place, { topic, reason: changes.join('; ') }, next);
  });
}

function topicsIn(files: readonly FoundFile[]) {
  const topics = new Map<string, TopicDeclaration>();
  const texts = new Map<string, string>();
  for (const { file, text } of files) {
    if (kindOf(file, text).kind !== 'topic') continue;
    const topic = parseTopic(JSON.parse(text));
    topics.set(topic.topic, topic);
    texts.set(topic.topic, text);
  }
  return { topics, texts };
}

function checkFiles(paths: readonly string[], against: string | undefined): Checked {
  const files = findFiles(paths, CONTENT);
  const documents = documentsIn(files);
  if (documents.length === 0) {
    throw errors.nothing_found({ what: 'playbook, reaction or participant', paths: paths.join(', ') });
  }
  const own = files.flatMap(({ file, text }) => {
    const { kind } = kindOf(file, text);
    return isDeclared(kind) ? [{ kind, text }] : [];
  });
  const world = offlineWorld(own);
  const { graph, findings } = readDocuments(documents, world.topics, world);
  const changed = against === undefined ? [] : changedTopics(files, against);
  const all = [...findings, ...changed, ...checkFabric(graph, effectClasses(world))];
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  return { findings: all.map((one) => told(one, texts)), actors: graph.actors.length, topics: graph.topics.size };
}

async function checkServer(command: Command): Promise<Checked> {
  const { findings, actors, topics } = await signedInClient(command).checkFabric();
  return { findings: findings.map((one) => ({ ...one, shown: [] })), actors, topics };
}

const COLOURS = { error: pc.red, warning: pc.yellow, info: pc.cyan } as const;

function print({ code, severity, message, help, suggestion, of, line: at, column, shown }: Told): void {
  const place = shown.length > 0 ? `${safe(of)}:${at}:${column}` : safe(of);
  line(`${pc.bold(place)} ${COLOURS[severity](severity)} ${pc.dim(code)} ${safe(message)}`);
  // What is only worth a word gets no more than a line.
  if (severity === 'info') return;
  for (const part of shown) line(`  ${part}`);
  if (suggestion !== null) line(`  ${pc.green(`did you mean: ${safe(suggestion)}`)}`);
  line(`  ${pc.dim(help)}`);
  line();
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

/** `counterpoint fabric check`: how reactions, playbooks and participants fit together. */
export async function check(
  paths: string[],
  { server, strict, against }: CheckOptions,
  command: Command,
): Promise<void> {
  const { findings, actors, topics } = server ? await checkServer(command) : checkFiles(paths, against);
  const failures = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  if (failures > 0 || (strict && warnings > 0)) process.exitCode = ExitCode.findings;
  if (globalOptions(command).json) {
    const list = findings.map(({ shown: _shown, ...finding }) => finding);
    return printJson({ findings: list, errors: failures, warnings, actors, topics });
  }
  for (const finding of findings) print(finding);
  if (findings.at(-1)?.severity === 'info') line();
  const mark = failures > 0 ? pc.red('✘') : warnings > 0 ? pc.yellow('!') : pc.green('✔');
  const found = `${count(failures, 'error')}, ${count(warnings, 'warning')}`;
  line(`${mark} ${count(actors, 'actor')} on ${count(topics, 'topic')}: ${found}. Conditions are not evaluated.`);
}

import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { loadPolicy } from '@counterpoint/actions';
import { nearest } from '@counterpoint/core';
import { checkTestFile, type PlaybookTestFile, parseTestFile } from '@counterpoint/engine';
import { parseParticipant } from '@counterpoint/fabric';
import { parseNoise, parseNormalizer } from '@counterpoint/ingest';
import { type Catalogue, type CheckedPlaybook, checkPlaybooks, type Plan } from '@counterpoint/playbook';
import { shippedContent } from '@counterpoint/server';
import { type ContentKind, contentKinds, kindOf } from './content-kind.ts';
import { type FileFinding, fileFinding, plainFinding } from './file-finding.ts';
import { type FoundFile, findFiles } from './find-files.ts';
import { type DeclaredKind, isDeclared, offlineWorld, readDeclaration } from './world.ts';

/** A content file, and what is wrong with it. */
export interface ExaminedFile {
  readonly file: string;
  readonly kind: ContentKind | 'unknown';
  readonly text: string;
  /** In the order of the document. */
  readonly findings: readonly FileFinding[];
  /** Only test files without errors, beside a playbook without errors, have this. */
  readonly rehearsable?: Rehearsable;
}

/** A test file that can run. */
export interface Rehearsable {
  readonly tests: PlaybookTestFile;
  readonly plan: Plan;
  readonly catalogue: Catalogue;
}

/** Examines files against the shipped content and against each other, without a server. */
export function examine(found: readonly FoundFile[]): readonly ExaminedFile[] {
  const known = found.flatMap((one) => {
    const guess = kindOf(one.file, one.text);
    return guess.kind === 'none' && !one.named ? [] : [{ ...one, guess }];
  });
  const own = known.flatMap(({ guess: { kind }, text }) => (isDeclared(kind) ? [{ kind, text }] : []));
  const world = offlineWorld(own);
  const playbooks = checkAll(
    known.filter(({ guess: { kind } }) => kind === 'playbook' || kind === 'reaction' || kind === 'playbook_test'),
    world,
  );
  return known.map(({ file, text, guess }): ExaminedFile => {
    if (guess.kind === 'none' || guess.kind === 'unknown') {
      return { file, text, kind: 'unknown', findings: [unknownKind(guess)] };
    }
    const { kind } = guess;
    if (kind === 'playbook_test') return { file, text, kind, ...examineTests(file, text, playbooks) };
    return { file, text, kind, findings: examiners[kind](text, playbooks.results.get(file), world) };
  });
}

function unknownKind(
  guess: { kind: 'none' } | { kind: 'unknown'; named: string; line: number; column: number },
): FileFinding {
  const all = contentKinds.filter((kind) => kind !== 'topic' && kind !== 'capability').map((kind) => `${kind}/v1`);
  if (guess.kind === 'none') {
    return plainFinding('content.kind_missing', `It does not say what it is: "kind" must be one of ${all.join(', ')}.`);
  }
  const { named, ...place } = guess;
  const finding = plainFinding(
    'content.kind_unknown',
    `"${named}" is not a kind of content: ${all.join(', ')}.`,
    place,
  );
  const suggestion = nearest(named, all);
  return { ...finding, length: named.length, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** The playbooks among the files, those that test files are about, and the shipped ones that they may call. */
interface CheckedPlaybooks {
  readonly results: ReadonlyMap<string, CheckedPlaybook>;
  readonly catalogue: Catalogue;
}

function checkAll(files: readonly FoundFile[], world: Catalogue): CheckedPlaybooks {
  const texts = new Map<string, string>();
  for (const { file, text } of files) {
    const beside = playbookBeside(file);
    if (beside === undefined) texts.set(file, text);
    else if (!texts.has(beside) && existsSync(beside)) texts.set(beside, readFileSync(beside, 'utf8'));
  }
  const names = new Set([...texts.keys()].map((file) => basename(file)));
  const shipped = findFiles([shippedContent], ['playbooks/*.yaml', 'reactions/*.yaml']);
  const callable = shipped.filter(({ file }) => playbookBeside(file) === undefined && !names.has(basename(file)));
  const results = checkPlaybooks(
    new Map([...callable.map(({ file, text }) => [file, text] as const), ...texts]),
    world,
  );
  const signatures = [...results.values()].flatMap(({ plan, signature }) =>
    plan && signature ? [[plan.id, signature] as const] : [],
  );
  return { results, catalogue: { ...world, playbooks: new Map(signatures) } };
}

/** The playbook that a test file is about; undefined when it is no test file. */
function playbookBeside(file: string): string | undefined {
  return file.endsWith('.test.yaml') ? `${file.slice(0, -'.test.yaml'.length)}.yaml` : undefined;
}

function examineTests(
  file: string,
  text: string,
  { results, catalogue }: CheckedPlaybooks,
): Pick<ExaminedFile, 'findings' | 'rehearsable'> {
  const { file: tests, findings } = parseTestFile(text);
  if (!tests) return { findings: findings.map(fileFinding) };
  const beside = playbookBeside(file) ?? '';
  const playbook = results.get(beside);
  const { line, column } = tests.playbook.position;
  if (!playbook) {
    const message = `There is no playbook beside it: ${beside === '' ? 'the file is not named <id>.test.yaml' : beside}.`;
    return { findings: [plainFinding('content.no_playbook', message, { line, column })] };
  }
  const { plan } = playbook;
  if (!plan) {
    const message = `Its playbook has errors, so that no test can run: see ${beside}.`;
    return { findings: [plainFinding('content.playbook_faulty', message, { line, column })] };
  }
  const faults = checkTestFile(tests, { plan, catalogue }).map(fileFinding);
  return faults.length > 0 ? { findings: faults } : { findings: [], rehearsable: { tests, plan, catalogue } };
}

type Examine = (text: string, checked: CheckedPlaybook | undefined, world: Catalogue) => readonly FileFinding[];

const checkedPlaybook: Examine = (_text, checked) => (checked?.findings ?? []).map(fileFinding);

const declaration =
  (kind: DeclaredKind): Examine =>
  (text) => {
    const declared = readDeclaration(kind, text);
    return 'finding' in declared ? [declared.finding] : [];
  };

const examiners: Readonly<Record<Exclude<ContentKind, 'playbook_test'>, Examine>> = {
  playbook: checkedPlaybook,
  reaction: checkedPlaybook,
  topic: declaration('topic'),
  capability: declaration('capability'),
  table: declaration('table'),
  calendar: declaration('calendar'),
  participant: (text, _checked, { capabilities }) =>
    parseParticipant(text, { contracts: capabilities }).findings.map(({ code, message, suggestion, line, column }) => ({
      ...plainFinding(code, message, { line, column }),
      ...(suggestion === undefined ? {} : { suggestion }),
    })),
  normalizer: (text) =>
    parseNormalizer(text).findings.map(({ code, path, message, line, column }) =>
      plainFinding(code, path === '' ? message : `${path}: ${message}`, { line, column }),
    ),
  policy(text) {
    const state = loadPolicy(text);
    return state.ok
      ? []
      : state.findings.map(({ code, message, ...place }) => plainFinding(code, `${message}.`, place));
  },
  noise(text) {
    const parsed = parseNoise(text);
    return 'problems' in parsed ? parsed.problems.map((problem) => plainFinding('noise.invalid', problem)) : [];
  },
};

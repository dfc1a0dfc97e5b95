import type { EditingEndpointName } from '@counterpoint/contracts';
import { type Clock, newTraceId } from '@counterpoint/core';
import {
  checkTestFile,
  deleteTest,
  type ParsedTestFile,
  parseTestFile,
  rehearse,
  saveTest,
  storedTests,
  type TestResult,
} from '@counterpoint/engine';
import type { PlaybookTestRow, Store } from '@counterpoint/events';
import type { Principal } from '@counterpoint/identity';
import type { Catalogue, Finding, Plan } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';
import { placedFinding } from '../outline-view.ts';
import type { CheckedSource, PlaybookDesk } from '../playbook-desk.ts';
import { readSource } from './playbook-source.ts';

/** What the handlers of tests need. */
export interface PlaybookTestServices {
  readonly store: Store;
  readonly clock: Clock;
  readonly desk: PlaybookDesk;
  /** Id of a playbook or reaction -> the test file that came with it. */
  readonly tests: ReadonlyMap<string, string>;
}

type Names = 'listPlaybookTests' | 'savePlaybookTest' | 'deletePlaybookTest' | 'runPlaybookTests';
type Group = Pick<Handlers<EditingEndpointName>, Names>;

/** A test and where it comes from. */
interface NamedTest {
  readonly name: string;
  readonly source: string;
  /** Undefined: the file of the content. */
  readonly row: PlaybookTestRow | undefined;
  readonly replaces: boolean;
}

/** The tests of a playbook: a stored one of the name of the content's file counts instead of that. */
async function testsOf({ store, tests }: PlaybookTestServices, playbook: string): Promise<readonly NamedTest[]> {
  const shipped = tests.get(playbook);
  const stored = (await storedTests(store, playbook)).map((row) => ({
    name: row.name,
    source: row.source,
    row,
    replaces: shipped !== undefined && row.name === playbook,
  }));
  const own = { name: playbook, source: shipped ?? '', row: undefined, replaces: false };
  const all = shipped === undefined || stored.some(({ replaces }) => replaces) ? stored : [own, ...stored];
  return all.sort((a, b) => Number(b.name === playbook) - Number(a.name === playbook) || (a.name < b.name ? -1 : 1));
}

/** What tests are checked against; undefined when the playbook has errors or there is none yet. */
type Against = { readonly plan: Plan; readonly catalogue: Catalogue } | undefined;

function examined(source: string, against: Against): ParsedTestFile {
  const parsed = parseTestFile(source);
  if (!parsed.file || !against) return parsed;
  const findings = checkTestFile(parsed.file, against);
  return { file: findings.some(isError) ? undefined : parsed.file, findings };
}

function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

function testView(playbook: string, { name, source, row, replaces }: NamedTest, against: Against) {
  const { findings } = examined(source, against);
  return {
    playbook,
    name,
    origin: row ? ('stored' as const) : ('content' as const),
    replaces_content: replaces,
    source,
    rev: row?.rev ?? 0,
    principal: row?.principal ?? '',
    updated_at: row?.updated_at ?? null,
    cases: (parseTestFile(source).file?.tests ?? []).map(({ name: title, position: { from, to, line } }) => ({
      name: title,
      from,
      to,
      line,
    })),
    findings: findings.map((finding) => placedFinding(finding)),
  };
}

/** The draft, or the current version without one; undefined when there is neither. */
async function sourceToTest(store: Store, playbook: string): Promise<string | undefined> {
  const [draft, row] = await Promise.all([store.get('drafts', playbook), store.get('playbooks', playbook)]);
  if (draft) return draft.source;
  return row && (await readSource(store, playbook, 'current')).source;
}

async function againstOf({ store, desk }: PlaybookTestServices, playbook: string): Promise<Against> {
  const source = await sourceToTest(store, playbook);
  const plan = source === undefined ? undefined : (await desk.check(source)).plan;
  return plan && { plan, catalogue: await desk.world() };
}

function caseView(file: string, { name, run, calls, ...result }: TestResult, position: { from: number; to: number }) {
  return {
    file,
    name,
    from: position.from,
    to: position.to,
    line: result.line,
    passed: result.passed,
    millis: result.millis,
    problems: [...result.problems],
    differences: result.differences.map(({ about, expected, actual, position: { from, to, line, column } }) => ({
      ...{ about, expected, actual },
      ...{ from, to, line, column },
    })),
    status: run.status,
    error: run.error ?? null,
    outputs: run.outputs,
    steps: run.steps.map(({ address, status, error }) => ({ address, status, error: error ?? null })),
    calls: calls.map((call) => ({ kind: call.kind, address: call.address, name: call.name, with: call.with })),
  };
}

type CaseView = ReturnType<typeof caseView>;

/** Milliseconds that the tests of one request may take in all. */
const RUN_LIMIT = 20_000;

/** Runs tests one after another, as long as there is time. */
async function runAll(tests: readonly { readonly name: string; readonly source: string }[], against: Against) {
  const cases: CaseView[] = [];
  const files = [];
  const until = performance.now() + RUN_LIMIT;
  for (const { name, source } of tests) {
    const { file, findings } = examined(source, against);
    files.push({ name, findings: findings.map((finding) => placedFinding(finding)) });
    if (!file || !against) continue;
    const results = await rehearse({ file, ...against, until });
    results.forEach((result, index) => {
      cases.push(caseView(name, result, file.tests[index]?.position ?? { from: 0, to: 0 }));
    });
  }
  return { cases, files };
}

function runHandler(services: PlaybookTestServices): Group['runPlaybookTests'] {
  const { store, desk } = services;
  return async ({ params, body }) => {
    const playbook = params.id ?? '';
    const source = body.source ?? (await sourceToTest(store, playbook));
    if (source === undefined) throw errors.not_found({ kind: 'playbook', id: playbook });
    const checked: CheckedSource = await desk.check(source);
    const { plan, findings } = checked;
    if (plan && plan.id !== playbook) throw errors.other_playbook({ playbook, id: plan.id });
    const against = plan && { plan, catalogue: await desk.world() };
    const { cases, files } = await runAll(body.tests ?? (await testsOf(services, playbook)), against);
    const passed = cases.filter((one) => one.passed).length;
    return {
      playbook,
      passed,
      failed: cases.length - passed,
      cases,
      findings: findings.map((finding) => placedFinding(finding, checked.outline)),
      files,
    };
  };
}

/** Performs the operations on tests of playbooks. */
export function playbookTestHandlers(services: PlaybookTestServices): Group {
  const { store, clock, tests } = services;
  const author = (principal: Principal) => ({ principal: principal.ref, now: clock.now(), trace: newTraceId() });
  return {
    async listPlaybookTests({ params }) {
      const playbook = params.id ?? '';
      const [named, against] = await Promise.all([testsOf(services, playbook), againstOf(services, playbook)]);
      return { items: named.map((test) => testView(playbook, test, against)) };
    },
    async savePlaybookTest({ params, body, principal }) {
      const { id: playbook = '', name = '' } = params;
      if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(name)) throw errors.test_name_invalid({ name });
      const row = await saveTest(store, { playbook, name, ...body }, author(principal));
      const replaces = name === playbook && tests.has(playbook);
      return testView(playbook, { name, source: row.source, row, replaces }, await againstOf(services, playbook));
    },
    async deletePlaybookTest({ params, query, principal }) {
      const { id: playbook = '', name = '' } = params;
      await deleteTest(store, { playbook, name, rev: query.rev }, author(principal));
      return { playbook, name };
    },
    runPlaybookTests: runHandler(services),
  };
}

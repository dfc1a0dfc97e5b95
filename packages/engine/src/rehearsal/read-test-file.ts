import type { ConnectorErrorName } from '@counterpoint/connector-kit';
import type { JsonObject } from '@counterpoint/core';
import { type DocumentNode, type Finding, type MapEntry, parseDocument, toJson } from '@counterpoint/playbook';
import {
  asBoolean,
  asDuration,
  asList,
  asMap,
  asPart,
  asText,
  asTime,
  asWord,
  entriesOf,
  field,
  itemsOf,
  type Part,
  required,
} from './fields.ts';
import { createTestReport, inOrder, type TestReport } from './findings.ts';
import { EARLIER_FIELDS, ORIGIN_FIELDS, readOrigins } from './read-origins.ts';
import { APPROVAL_FIELDS, EVENT_FIELDS, REPLY_FIELDS, readSurroundings } from './read-surroundings.ts';
import {
  type ActionAnswer,
  type Expectation,
  type ExpectedCall,
  type ExpectedEvent,
  expectedStatuses,
  expectedStepStatuses,
  type Given,
  type PlaybookAnswer,
  type PlaybookTest,
  type PlaybookTestFile,
  reactionOutcomes,
  type Stub,
} from './test-file.ts';

/** The kind that test files begin with. */
export const TEST_KIND = 'playbook_test/v1';

const STUB_ERRORS = {
  invalid_request: true,
  unauthorized: true,
  forbidden: true,
  not_found: true,
  conflict: true,
  rate_limited: true,
  unavailable: true,
  timeout: true,
  bad_response: true,
  egress_denied: true,
} as const satisfies Record<ConnectorErrorName, true>;

/** Names of errors that an action can be made to end with. */
export const stubErrors = Object.keys(STUB_ERRORS) as readonly ConnectorErrorName[];

const GIVEN = [
  'trigger',
  'now',
  'event',
  'from',
  'earlier',
  'inputs',
  'actions',
  'playbooks',
  'approvals',
  'answers',
  'events',
  'tables',
] as const;

/** The fields of each part of a test file. */
export const TEST_FIELDS = {
  file: ['kind', 'playbook', 'reaction', 'given', 'tests'],
  from: ORIGIN_FIELDS,
  earlier: EARLIER_FIELDS,
  given: GIVEN,
  test: ['name', ...GIVEN, 'expect'],
  action: ['output', 'error', 'unknown', 'answers'],
  called: ['output', 'error', 'answers'],
  unknown: ['happened', 'output'],
  expect: ['outcome', 'reason', 'status', 'error', 'steps', 'calls', 'not_called', 'undone', 'published', 'outputs'],
  call: ['action', 'playbook', 'with', 'lease'],
  event: ['topic', 'data'],
  approval: APPROVAL_FIELDS,
  reply: REPLY_FIELDS,
  arrival: EVENT_FIELDS,
} as const;

/** A test file, or why there is none. */
export interface ParsedTestFile {
  /** Undefined when there are findings. */
  readonly file: PlaybookTestFile | undefined;
  /** In the order of the document; all are errors. */
  readonly findings: readonly Finding[];
}

/** Reads a `<id>.test.yaml`. Never throws: whatever is wrong is a finding with its place. */
export function parseTestFile(text: string): ParsedTestFile {
  const { root, findings } = parseDocument(text);
  const report = createTestReport();
  const file = root && readFile(root, report);
  const all = inOrder([...findings, ...report.findings]);
  return { file: all.length === 0 ? file : undefined, findings: all };
}

function readFile(root: DocumentNode, report: TestReport): PlaybookTestFile | undefined {
  const part = asPart(root, 'the test file', TEST_FIELDS.file, report);
  if (!part) return undefined;
  required(part, 'kind', (node) => {
    const kind = asText(node, 'kind', report);
    if (kind && kind.value !== TEST_KIND) report.add('kind', kind.position, { actual: kind.value }, TEST_KIND);
  });
  const subject = subjectOf(part);
  const playbook = required(part, subject, (node) => asText(node, subject, report));
  const common = field(part, 'given', (node) => asPart(node, 'given', TEST_FIELDS.given, report));
  const given = common ? readGiven(common) : NOTHING_GIVEN;
  const names = new Map<string, number>();
  const list = required(part, 'tests', (node) => asList(node, 'tests', report));
  if (list?.items.length === 0) report.add('no_tests', list.position, {});
  const tests = (list?.items ?? []).flatMap((item) => readTest(item, given, names, report) ?? []);
  return playbook && { playbook, subject, given, tests };
}

/** Which of both the file is about; naming a playbook and a reaction is reported. */
function subjectOf({ node, report }: Part): PlaybookTestFile['subject'] {
  const named = node.entries.filter(({ key }) => key === 'playbook' || key === 'reaction');
  const [first, second] = named;
  if (second) report.add('one_subject', second.keyPosition, {});
  return first?.key === 'reaction' ? 'reaction' : 'playbook';
}

const NOTHING_GIVEN: Given = {
  trigger: undefined,
  now: undefined,
  event: undefined,
  from: undefined,
  earlier: undefined,
  inputs: new Map(),
  actions: new Map(),
  playbooks: new Map(),
  approvals: new Map(),
  answers: new Map(),
  events: undefined,
  tables: new Map(),
};

function readGiven(part: Part): Given {
  const { report } = part;
  return {
    trigger: field(part, 'trigger', (node) => asText(node, 'trigger', report)),
    now: field(part, 'now', (node) => asTime(node, 'now', report)),
    event: field(part, 'event', (node) => node),
    ...readOrigins(part),
    inputs: entriesOf(part, 'inputs', ({ keyPosition, value }) => ({ keyPosition, node: value })),
    actions: entriesOf(part, 'actions', (entry) => {
      checkActionName(entry.key, entry.keyPosition, report);
      return readStub(entry, TEST_FIELDS.action, actionAnswer, report);
    }),
    playbooks: entriesOf(part, 'playbooks', (entry) => readStub(entry, TEST_FIELDS.called, playbookAnswer, report)),
    ...readSurroundings(part),
  };
}

function override(common: Given, own: Given): Given {
  return {
    trigger: own.trigger ?? common.trigger,
    now: own.now ?? common.now,
    event: own.event ?? common.event,
    from: own.from ?? common.from,
    earlier: own.earlier ?? common.earlier,
    inputs: new Map([...common.inputs, ...own.inputs]),
    actions: new Map([...common.actions, ...own.actions]),
    playbooks: new Map([...common.playbooks, ...own.playbooks]),
    approvals: new Map([...common.approvals, ...own.approvals]),
    answers: new Map([...common.answers, ...own.answers]),
    events: own.events ?? common.events,
    tables: new Map([...common.tables, ...own.tables]),
  };
}

function readTest(
  node: DocumentNode,
  common: Given,
  names: Map<string, number>,
  report: TestReport,
): PlaybookTest | undefined {
  const part = asPart(node, 'a test', TEST_FIELDS.test, report);
  if (!part) return undefined;
  const name = required(part, 'name', (value) => asText(value, 'name', report));
  const line = name && names.get(name.value);
  if (name && line !== undefined) report.add('same_name', name.position, { line });
  if (name) names.set(name.value, name.position.line);
  const given = override(common, readGiven(part));
  const expect = required(part, 'expect', (value) => readExpectation(value, report));
  return name && expect && { name: name.value, position: name.position, given, expect };
}

type ReadAnswer<Answer> = (part: Part) => Answer | undefined;

function readStub<Answer>(
  { key, keyPosition, value }: MapEntry,
  fields: readonly string[],
  read: ReadAnswer<Answer>,
  report: TestReport,
): Stub<Answer> | undefined {
  const part = asPart(value, key, fields, report);
  if (!part || !hasOne(part, fields)) return undefined;
  const list = field(part, 'answers', (node) => asList(node, 'answers', report));
  if (list?.items.length === 0) report.add('no_answers', list.position, {});
  const one = fields.filter((name) => name !== 'answers');
  if (list) {
    const answers = list.items.flatMap((item) => readOne(item, one, read, report));
    return { keyPosition, mode: 'in_order', answers };
  }
  const only = read(part);
  return only && { keyPosition, mode: 'always', answers: [only] };
}

function readOne<Answer>(
  item: DocumentNode,
  fields: readonly string[],
  read: ReadAnswer<Answer>,
  report: TestReport,
): Answer[] {
  const part = asPart(item, 'an answer', fields, report);
  const answer = part && hasOne(part, fields) ? read(part) : undefined;
  return answer === undefined ? [] : [answer];
}

function hasOne(part: Part, fields: readonly string[]): boolean {
  const count = part.node.entries.filter(({ key }) => fields.includes(key)).length;
  if (count === 1) return true;
  part.report.add('answer', part.node.position, { what: part.where, known: fields.join(', ') });
  return false;
}

function actionAnswer(part: Part): ActionAnswer | undefined {
  const { report } = part;
  const output = field(part, 'output', (node) => asMap(node, 'output', report));
  if (output) return { kind: 'output', output: toJson(output) as JsonObject, node: output };
  const unknown = field(part, 'unknown', (node) => asPart(node, 'unknown', TEST_FIELDS.unknown, report));
  if (unknown) return unknownAnswer(unknown);
  const error = field(part, 'error', (node) => asWord(node, 'error', stubErrors, report));
  return error && { kind: 'error', error: error.value };
}

function unknownAnswer(part: Part): ActionAnswer {
  const { report } = part;
  const node = field(part, 'output', (value) => asMap(value, 'output', report));
  const happened = field(part, 'happened', (value) => asBoolean(value, 'happened', report));
  const output = node && (toJson(node) as JsonObject);
  return { kind: 'unknown', happened, output, node };
}

function playbookAnswer(part: Part): PlaybookAnswer | undefined {
  const output = field(part, 'output', (node) => node);
  if (output) return { kind: 'output', output: toJson(output), node: output };
  const error = field(part, 'error', (node) => asText(node, 'error', part.report));
  return error && { kind: 'error', reason: error.value };
}

function checkActionName(name: string, position: DocumentNode['position'], report: TestReport): void {
  if (!/^\w+\.\w+$/.test(name)) report.add('name', position, { name, expected: 'the name of an action' });
}

function readExpectation(node: DocumentNode, report: TestReport): Expectation | undefined {
  const part = asPart(node, 'expect', TEST_FIELDS.expect, report);
  if (!part) return undefined;
  if (part.node.entries.length === 0) report.add('expects_nothing', node.position, {});
  return {
    position: node.position,
    outcome: field(part, 'outcome', (value) => asWord(value, 'outcome', reactionOutcomes, report)),
    reason: field(part, 'reason', (value) => asText(value, 'reason', report)),
    status: field(part, 'status', (value) => asWord(value, 'status', expectedStatuses, report)),
    error: field(part, 'error', (value) => asText(value, 'error', report)),
    steps: entriesOf(part, 'steps', ({ key, keyPosition, value }) => {
      const status = asWord(value, `the status of ${key}`, expectedStepStatuses, report);
      return status && { ...status, position: keyPosition };
    }),
    calls: itemsOf(part, 'calls', (item) => readCall(item, report)),
    notCalled: itemsOf(part, 'not_called', (item) => asText(item, 'not_called', report)),
    undone: itemsOf(part, 'undone', (item) => asText(item, 'undone', report)),
    published: itemsOf(part, 'published', (item) => readEvent(item, report)),
    outputs: field(part, 'outputs', (value) => value),
  };
}

function readCall(node: DocumentNode, report: TestReport): ExpectedCall | undefined {
  const part = asPart(node, 'a call', TEST_FIELDS.call, report);
  if (!part) return undefined;
  const action = field(part, 'action', (value) => asText(value, 'action', report));
  const playbook = field(part, 'playbook', (value) => asText(value, 'playbook', report));
  const name = action ?? playbook;
  if (!name || (action && playbook)) {
    report.add('answer', node.position, { what: 'a call', known: 'action, playbook' });
    return undefined;
  }
  if (action) checkActionName(action.value, action.position, report);
  return {
    kind: action ? 'action' : 'playbook',
    name,
    with: field(part, 'with', (value) => asMap(value, 'with', report)),
    lease: field(part, 'lease', (value) => asDuration(value, 'lease', report)),
  };
}

function readEvent(node: DocumentNode, report: TestReport): ExpectedEvent | undefined {
  const part = asPart(node, 'an event', TEST_FIELDS.event, report);
  const topic = part && required(part, 'topic', (value) => asText(value, 'topic', report));
  return part && topic && { topic, data: field(part, 'data', (value) => value) };
}

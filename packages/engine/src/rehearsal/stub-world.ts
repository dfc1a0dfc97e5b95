import { ConnectorError, type ConnectorErrorName, checkValue } from '@counterpoint/connector-kit';
import type { JsonObject } from '@counterpoint/core';
import { type Catalogue, type InputDeclaration, toJson } from '@counterpoint/playbook';
import { errors } from '../errors.ts';
import type { Settled } from '../interpreter/happening.ts';
import { inputsOf } from '../worker/run-row.ts';
import { actionName, contractOf } from './contracts.ts';
import { nextAnswers } from './next-answer.ts';
import { failedWith } from './orders.ts';
import type { RunRecord } from './record.ts';
import type { ActionAnswer, Given, PlaybookAnswer } from './test-file.ts';
import type { PeoplesAnswer, StagedAction, StagedCall, World } from './world.ts';

/**
 * The world of one test: arguments are held against the schemas as the real door does, and the answers are the test's
 * stubs. What has no stub fails, and is a problem of the test.
 */
export function createStubWorld(given: Given, catalogue: Catalogue, record: RunRecord): World {
  const actionAnswer = nextAnswers(given.actions, 'action', record);
  const playbookAnswer = nextAnswers(given.playbooks, 'playbook', record);
  const unknowns = new Map<string, Extract<ActionAnswer, { kind: 'unknown' }>>();

  const answerTo = (action: StagedAction): Settled => {
    const { plan, step, call, address } = action;
    const name = actionName(step);
    const contract = contractOf(step, plan, catalogue);
    const reason = contract && checkValue(contract.input, call.input);
    if (reason !== undefined) {
      record.problems.add(`Step ${address} calls ${name} with arguments that it refuses: ${reason}.`);
      return stubError(action, 'invalid_request', reason);
    }
    const given = actionAnswer(name);
    if (!given) return stubError(action, 'unavailable', 'the test has no answer for it');
    if (given.kind === 'error') return stubError(action, given.error, 'as the test says');
    if (given.kind === 'output') return { status: 'succeeded', output: given.output };
    unknowns.set(address, given);
    const { error } = stubError(action, 'timeout', 'as the test says');
    return { status: 'unknown', error, asked: false };
  };

  return {
    catalogue,
    act: answerTo,
    findOut(action) {
      const { happened, output } = unknowns.get(action.address) ?? {};
      if (happened === true) return { status: 'succeeded', output: output ?? {} };
      const { error, ...rest } = stubError(action, 'timeout', 'as the test says');
      if (happened === false) return { ...rest, error, retryable: true };
      return { status: 'unknown', error, asked: true };
    },
    async call(call) {
      const settled = await stubCall(call, catalogue, () => playbookAnswer(call.playbook));
      return { settled };
    },
    ask: ({ step, address, question }) => peoplesAnswer(given, question.kind, [address, step]),
    events: (given.events ?? []).map(({ topic, data, after }) => {
      return { topic: topic.value, data: data ? toJson(data) : {}, after };
    }),
    async lookup({ table, key }) {
      const row = given.tables.get(table)?.rows.get(key);
      return row ? toJson(row) : null;
    },
  };
}

/** What people say to a step, known by its address or its id; undefined: nothing. */
function peoplesAnswer(
  { approvals, answers }: Given,
  kind: 'approval' | 'question',
  names: readonly string[],
): PeoplesAnswer | undefined {
  const all = kind === 'approval' ? approvals : answers;
  const said = names.map((name) => all.get(name)).find((one) => one !== undefined);
  if (!said) return undefined;
  const form = said.form ? (toJson(said.form) as JsonObject) : null;
  return { approved: said.approve ?? null, by: [said.by ?? 'user:tester'], reason: said.reason ?? '', form };
}

function stubError({ plan, step, call }: StagedAction, name: ConnectorErrorName, reason: string) {
  const use = Object.hasOwn(plan.uses, step.alias) ? plan.uses[step.alias] : undefined;
  const connector = use && 'connector' in use ? use.connector : use ? use.capability : step.alias;
  const error = new ConnectorError(name, { connector, reason, host: 'its host' }, { performed: 'no' });
  return { ...failedWith(error, call.address), retryAfter: error.retryAfter };
}

type Answer = PlaybookAnswer | undefined;

async function stubCall(call: StagedCall, catalogue: Catalogue, answer: () => Answer): Promise<Settled> {
  const { playbook, inputs, address } = call;
  const declared = Object.entries(catalogue.playbooks.get(playbook)?.inputs ?? {}).map(
    ([name, input]): [string, InputDeclaration] => [name, { ...input, default: undefined }],
  );
  inputsOf({ id: playbook, inputs: Object.fromEntries(declared) }, inputs);
  const given = answer();
  if (given?.kind === 'output') return { status: 'succeeded', output: given.output };
  const reason = given?.reason ?? 'the test has no answer for it';
  return failedWith(errors.call_failed({ run: playbook, status: 'failed', reason }), address, 'maybe');
}

import type { ActionOutcome, ActionRequest, Admission, Door } from '@counterpoint/actions';
import { ConnectorError, type ConnectorErrorName, checkValue } from '@counterpoint/connector-kit';
import type { ActionStep, Catalogue, Plan } from '@counterpoint/playbook';
import { splitAddress } from '../interpreter/state.ts';
import { actionName, contractOf } from './contracts.ts';
import type { NextAnswer } from './next-answer.ts';
import type { RunRecord } from './record.ts';
import type { ActionAnswer } from './test-file.ts';

/** What the door of one test is made of. */
export interface StubDoorOptions {
  readonly plan: Plan;
  readonly catalogue: Catalogue;
  readonly answer: NextAnswer<ActionAnswer>;
  readonly record: RunRecord;
}

/**
 * A door that leads nowhere: it takes down what a run asks for, holds it against the action's input schema as the real
 * one does, and answers with the test's stubs. Nothing passes a guard, is written to the ledger or leaves the process.
 */
export function createStubDoor(options: StubDoorOptions): Door {
  const { plan, catalogue, record } = options;
  const performed: ActionRequest[] = [];
  const repeat = async (request: ActionRequest): Promise<ActionOutcome> =>
    failed(request, 'unavailable', 'the rehearsal keeps nothing that could be asked after');
  return {
    async admit(request): Promise<Admission> {
      const step = plan.byId.get(splitAddress(request.address).id) as ActionStep;
      return {
        kind: 'send',
        change: {},
        effect: undefined,
        async send() {
          const outcome = answerTo(request, step, options);
          const lasting = contractOf(step, plan, catalogue)?.effect !== 'read';
          if (outcome.status === 'succeeded' && lasting) performed.push(request);
          return outcome;
        },
      };
    },
    poll: repeat,
    reconcile: repeat,
    perform: repeat,
    async release({ of }) {
      // The address of one round, or the id for all of them.
      const step = of.kind === 'step' ? of.step : '';
      const undone = performed.filter(({ address }) => address === step || address.endsWith(`.${step}`));
      for (const request of undone) {
        performed.splice(performed.indexOf(request), 1);
        record.undone.add(splitAddress(request.address).id);
      }
      return { undone: undone.map(({ key }) => key), kept: [], failed: [] };
    },
  };
}

function answerTo(request: ActionRequest, step: ActionStep, options: StubDoorOptions): ActionOutcome {
  const { plan, catalogue, answer, record } = options;
  const { address, input, lease } = request;
  const name = actionName(step);
  record.calls.push({ kind: 'action', name, address, with: input, lease });
  const contract = contractOf(step, plan, catalogue);
  const reason = contract && checkValue(contract.input, input);
  if (reason !== undefined) {
    record.problems.add(`Step ${address} calls ${name} with arguments that it refuses: ${reason}.`);
    return failed(request, 'invalid_request', reason);
  }
  const given = answer(name);
  if (!given) return failed(request, 'unavailable', 'the test has no answer for it');
  if (given.kind === 'error') return failed(request, given.error, 'as the test says');
  return { status: 'succeeded', output: given.output, effect: undefined, change: {} };
}

function failed({ connector }: ActionRequest, name: ConnectorErrorName, reason: string): ActionOutcome {
  const error = new ConnectorError(name, { connector, reason, host: 'its host' }, { performed: 'no' });
  const { retryable, retryAfter } = error;
  return { status: 'failed', error, retryable, retryAfter, performed: 'no', effect: undefined, change: {} };
}

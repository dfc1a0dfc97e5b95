import type {
  ActionOutcome,
  ActionRequest,
  Admission,
  Door,
  ReleaseRequest,
  ReleaseResult,
} from '@counterpoint/actions';
import { ConnectorError } from '@counterpoint/connector-kit';
import type { CounterpointError, JsonObject } from '@counterpoint/core';
import type { Change, EffectRow, Store } from '@counterpoint/events';

/** What the product behind the fake door does with one request. */
type Behaviour = (request: ActionRequest, signal: AbortSignal) => Promise<ProductAnswer> | ProductAnswer;

/** How a product answers; a bare map is the output of a success. */
export type ProductAnswer =
  | { readonly output: JsonObject }
  | {
      readonly error: CounterpointError;
      readonly retryable?: boolean;
      readonly retryAfter?: number;
      readonly performed?: 'no' | 'maybe';
    }
  | { readonly unknown: true }
  | { readonly pending: JsonObject; readonly at: number };

/** A door for tests: keeps a real ledger row per effect, and counts what reached the product. */
export interface FakeDoor extends Door {
  /** Every request that was sent, in order: what an outside oracle would have seen. */
  readonly sent: ActionRequest[];
  readonly released: ReleaseRequest[];
  readonly reconciled: ActionRequest[];
}

/** What tests can choose. Actions whose name begins with `read_` have no effect and no ledger entry. */
export interface FakeDoorOptions {
  readonly store: Store;
  readonly behave?: Behaviour;
  /** What takes time between the decision to send and the sending, such as the reading of secrets. */
  readonly onTheWay?: (request: ActionRequest) => Promise<void> | void;
  readonly poll?: Behaviour;
  /** What `verify` finds; default: whether the request reached the product. */
  readonly reconcile?: Behaviour;
  readonly release?: (request: ReleaseRequest) => ReleaseResult;
}

/** An error as a connector would end with. */
export function productError(name: 'unavailable' | 'rate_limited' | 'not_found', performed: 'no' | 'maybe' = 'no') {
  return new ConnectorError(name, { connector: 'fake', reason: 'as told by the test' }, { performed });
}

/** Makes a {@link FakeDoor}. */
export function createFakeDoor(options: FakeDoorOptions): FakeDoor {
  const { store, behave = () => ({ output: {} }) } = options;
  const sent: ActionRequest[] = [];
  const released: ReleaseRequest[] = [];
  const reconciled: ActionRequest[] = [];
  const outcome = (request: ActionRequest, answer: ProductAnswer, row: EffectRow | undefined): ActionOutcome => {
    const settle = (state: EffectRow['state']): Change =>
      row ? { rows: [{ op: 'put', table: 'effects', row: { ...row, state, rev: row.rev + 1 } }] } : {};
    const effect = row?.id;
    if ('output' in answer) return { status: 'succeeded', output: answer.output, effect, change: settle('performed') };
    if ('pending' in answer)
      return { status: 'pending', effect, poll: answer.pending, at: answer.at, change: settle('pending') };
    if ('unknown' in answer) {
      return {
        status: 'unknown',
        error: productError('unavailable', 'maybe'),
        effect: effect ?? request.key,
        change: settle('unknown'),
      };
    }
    const { error, retryable = error.retryable, retryAfter, performed = 'no' } = answer;
    return { status: 'failed', error, retryable, retryAfter, performed, effect, change: settle('failed') };
  };

  return {
    sent,
    released,
    reconciled,
    async admit(request): Promise<Admission> {
      const isRead = request.action.startsWith('read_');
      const row = isRead ? undefined : effectRow(request);
      return {
        kind: 'send',
        change: row ? { rows: [{ op: 'put', table: 'effects', row }] } : {},
        effect: row?.id,
        async send(signal, isMine = () => true) {
          await options.onTheWay?.(request);
          if (!isMine()) return outcome(request, { error: productError('unavailable') }, row);
          sent.push(request);
          return outcome(request, await behave(request, signal), row);
        },
      };
    },
    async poll(request, poll, signal) {
      return outcome(request, await (options.poll ?? behave)({ ...request, input: poll }, signal), undefined);
    },
    async reconcile(request, signal) {
      reconciled.push(request);
      const [row] = await store.find('effects', { where: { key: request.key } });
      if (options.reconcile) return outcome(request, await options.reconcile(request, signal), row);
      const happened = sent.some((one) => one.key === request.key);
      return outcome(request, happened ? { output: { verified: true } } : { error: productError('unavailable') }, row);
    },
    perform: () => Promise.reject(new Error('the engine never performs outside of a run')),
    async release(request) {
      released.push(request);
      return options.release?.(request) ?? { undone: ['e1'], kept: [], failed: [] };
    },
  };
}

function effectRow(request: ActionRequest): EffectRow {
  return {
    ...request.causality,
    id: request.key,
    key: request.key,
    run: request.run,
    address: request.address,
    generation: request.generation,
    connector: request.connector,
    connection: request.connection ?? '',
    action: request.action,
    effect: 'change',
    target: '',
    args: request.input,
    args_hash: '',
    state: 'intended',
    receipt: null,
    error: null,
    inverse: null,
    undo_of: '',
    preexisting: false,
    lease_until: null,
    wake_at: null,
    attempts: 1,
    decision: null,
    site: '',
    simulated: true,
    created_at: request.now,
    performed_at: null,
    ended_at: null,
    rev: 1,
  };
}

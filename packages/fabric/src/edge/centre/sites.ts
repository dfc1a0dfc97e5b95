import type { SiteCall, Sites } from '@counterpoint/actions';
import { ConnectorError, type ConnectorErrorName, type Performed } from '@counterpoint/connector-kit';
import { CounterpointError, type Json, newTraceId, stableId } from '@counterpoint/core';
import type { Causality, EdgeCommandRow, EffectRow } from '@counterpoint/events';
import { asConnectorError } from '../../services/participant-connector.ts';
import { signMessage } from '../signed-text.ts';
import type { EdgeCentreOptions } from './centre.ts';

/** What a node answers to a call. */
export type CallAnswer =
  | { readonly ok: true; readonly output: Json }
  | {
      readonly ok: false;
      readonly error: ConnectorErrorName;
      readonly reason: string;
      readonly performed: Performed;
      /** Milliseconds. */
      readonly retryAfter: number | null;
    };

/** The service by which a node performs calls. What it is asked counts only as the centre signed it. */
export const performService = (node: string): string => `${node}.perform`;

const GRACE = 1_000;

type Parts = Pick<EdgeCentreOptions, 'store' | 'clock' | 'services' | 'installation' | 'privateKey' | 'titleOf'>;

async function perform(parts: Parts, call: SiteCall, signal: AbortSignal): Promise<Json> {
  const { services, clock, installation, privateKey, titleOf } = parts;
  const { site: node, connector, key, timeout } = call;
  const now = clock.now();
  const message = signMessage('call', { installation, node, until: now + timeout, body: { ...call } }, privateKey);
  let answer: CallAnswer;
  try {
    answer = (await services.invoke({
      service: performService(node),
      payload: { ...message },
      key,
      timeout: timeout + GRACE,
      causality: { principal: 'system', trace: newTraceId(now), cause: '', hop: 0 },
      signal,
    })) as unknown as CallAnswer;
  } catch (error) {
    if (error instanceof CounterpointError) throw asConnectorError(titleOf(connector), error);
    throw error;
  }
  if (answer.ok) return answer.output;
  const { error, reason, performed, retryAfter } = answer;
  throw new ConnectorError(
    error,
    { connector: titleOf(connector), reason },
    { performed, ...(retryAfter === null ? {} : { retryAfter }) },
  );
}

/** Writes down what nodes are to undo; each gets it as soon as it is reached. */
async function release(
  { store, clock }: Parts,
  effects: readonly EffectRow[],
  reason: string,
  { principal, trace, cause, hop }: Causality,
): Promise<void> {
  const now = clock.now();
  for (const { id: effect, site: node, ended_at } of effects) {
    const id = stableId('edge-command', 'release', effect);
    const standing = await store.get('edge_commands', id);
    if (ended_at !== null || standing?.state === 'waiting') continue;
    const row: EdgeCommandRow = {
      ...{ id, node, effect, reason, principal, trace, cause, hop },
      ...{ kind: 'release', state: 'waiting', result: '', created_at: now, done_at: null },
      rev: (standing?.rev ?? 0) + 1,
    };
    const audit = [
      { at: now, principal, action: 'edge.release_asked', object: `effect:${effect}`, data: { node, reason }, trace },
    ];
    await store.commit({ rows: [{ op: 'put', table: 'edge_commands', row }], audit });
  }
}

/** Makes the centre's {@link Sites}. */
export function createSites(parts: Parts): Sites {
  return {
    perform: (call, signal) => perform(parts, call, signal),
    release: (effects, reason, causality) => release(parts, effects, reason, causality),
  };
}

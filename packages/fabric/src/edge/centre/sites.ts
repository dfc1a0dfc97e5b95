import type { SiteCall, SiteExtension, Sites } from '@counterpoint/actions';
import { ConnectorError, type ConnectorErrorName, type Performed } from '@counterpoint/connector-kit';
import { CounterpointError, type Json, newId, newTraceId, stableId } from '@counterpoint/core';
import type { Causality, EdgeCommandRow, EffectRow } from '@counterpoint/events';
import { asConnectorError } from '../../services/participant-connector.ts';
import { type SignedText, signMessage } from '../signed-text.ts';
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

/** What a node answers to a wish that an effect stays longer. */
export type ExtendAnswer =
  | { readonly ok: true; readonly leaseUntil: number | null }
  | {
      readonly ok: false;
      readonly code: string;
      readonly status: number;
      readonly message: string;
      readonly help: string;
      readonly retryable: boolean;
    };

/** A request to a node: what it is to do, signed as that. */
export interface NodeRequest extends SignedText {
  readonly purpose: 'call' | 'extend' | 'ping';
}

/** The service by which a node performs calls. What it is asked counts only as the centre signed it. */
export const performService = (node: string): string => `${node}.perform`;

const GRACE = 1_000;
/** How long a node may take to extend an effect, in milliseconds. */
const EXTENDING = 60_000;

type Parts = Pick<EdgeCentreOptions, 'store' | 'clock' | 'services' | 'installation' | 'privateKey' | 'titleOf'>;

/** Asks a node by its service. @throws as Services.invoke */
function ask(
  { services, clock, installation, privateKey }: Parts,
  node: string,
  { purpose, body, key, timeout }: Asked,
  signal: AbortSignal,
): Promise<Json> {
  const now = clock.now();
  const message = signMessage(purpose, { installation, node, until: now + timeout, body }, privateKey);
  return services.invoke({
    service: performService(node),
    payload: { purpose, ...message },
    ...{ key, signal, timeout: timeout + GRACE },
    causality: { principal: 'system', trace: newTraceId(now), cause: '', hop: 0 },
  });
}

interface Asked {
  readonly purpose: NodeRequest['purpose'];
  readonly body: Json;
  readonly key: string;
  /** Milliseconds. */
  readonly timeout: number;
}

async function extend(parts: Parts, extension: SiteExtension, signal: AbortSignal): Promise<number | null> {
  const { site, causality, ...rest } = extension;
  const { principal, trace, cause, hop } = causality;
  const body = { ...rest, causality: { principal, trace, cause, hop } };
  const asked = { purpose: 'extend', body, key: newId(parts.clock.now()), timeout: EXTENDING } as const;
  const answer = (await ask(parts, site, asked, signal)) as unknown as ExtendAnswer;
  if (answer.ok) return answer.leaseUntil;
  const { code, status, message, help, retryable } = answer;
  throw new CounterpointError(code, { status, message, help, retryable }, {}, {});
}

async function perform(parts: Parts, call: SiteCall, signal: AbortSignal): Promise<Json> {
  const { titleOf } = parts;
  const { site: node, connector, key, timeout } = call;
  let answer: CallAnswer;
  try {
    answer = (await ask(
      parts,
      node,
      { purpose: 'call', body: { ...call }, key, timeout },
      signal,
    )) as unknown as CallAnswer;
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

/**
 * Asks a node whether it answers.
 *
 * @param timeout milliseconds
 * @throws as Services.invoke
 */
export async function pingNode(parts: Parts, node: string, timeout: number): Promise<void> {
  const asked = { purpose: 'ping', body: null, key: newId(parts.clock.now()), timeout } as const;
  await ask(parts, node, asked, new AbortController().signal);
}

/** Makes the centre's {@link Sites}. */
export function createSites(parts: Parts): Sites {
  return {
    perform: (call, signal) => perform(parts, call, signal),
    extend: (extension, signal) => extend(parts, extension, signal),
    release: (effects, reason, causality) => release(parts, effects, reason, causality),
  };
}

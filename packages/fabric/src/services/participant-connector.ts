import {
  type Connector,
  ConnectorError,
  type ConnectorErrorName,
  type ConnectorManifest,
  type EffectClass,
} from '@counterpoint/connector-kit';
import { CounterpointError, type Json, newId, newTraceId, parseDuration } from '@counterpoint/core';
import type { Services } from './service.ts';

const DEFAULT_TIMEOUT = '30s';

/** Errors that say that the request was looked at and nothing was done. */
const REFUSALS: ReadonlySet<string> = new Set<ConnectorErrorName>([
  'invalid_request',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'rate_limited',
]);
const NAMES: ReadonlySet<string> = new Set([...REFUSALS, 'unavailable', 'timeout', 'bad_response']);

/** What a failed request to a service means for the action that it was. */
export function asConnectorError(connector: string, error: CounterpointError): ConnectorError {
  const { code, message, details } = error;
  const reason = message.replace(/\.$/, '');
  const made = (name: ConnectorErrorName, performed: 'no' | 'maybe') =>
    new ConnectorError(name, { connector, reason }, { performed, cause: error });
  if (code === 'fabric.service_timeout') return made('timeout', 'maybe');
  if (code === 'fabric.service_lost') return made('unavailable', 'maybe');
  if (code !== 'fabric.service_failed') return made('unavailable', 'no');
  const named = typeof details.error === 'string' && NAMES.has(details.error) ? details.error : 'bad_response';
  const performed = details.performed === 'no' || REFUSALS.has(named) ? 'no' : 'maybe';
  return made(named as ConnectorErrorName, performed);
}

/**
 * The key of a request. An effect is read back under the key of the effect itself, and again and again: a provider that
 * answers a key as before would give the answer of another action, or of an earlier time.
 */
function keyOf(effect: EffectClass | undefined, action: string, key: string): string {
  return effect === 'read' ? newId() : `${key}/${action}`;
}

/** Makes a connector of what a participant offers: performing an action is asking one of its live instances. */
export function participantConnector(
  manifest: ConnectorManifest,
  services: Pick<Services, 'invoke' | 'isLive'>,
): Connector {
  const { id, title, actions } = manifest;
  return {
    manifest,
    available: (action) => services.isLive(`${id}.${action}`),
    async perform(action, { input, key, signal, origin, clock }): Promise<Json> {
      const timeout = parseDuration(actions[action]?.timeout ?? DEFAULT_TIMEOUT);
      const own = keyOf(actions[action]?.effect, action, key);
      const causality = origin ?? { principal: 'system', trace: newTraceId(clock.now()), cause: '', hop: 0 };
      try {
        return await services.invoke({
          service: `${id}.${action}`,
          payload: input,
          key: own,
          timeout,
          causality,
          signal,
        });
      } catch (error) {
        if (error instanceof CounterpointError) throw asConnectorError(title, error);
        throw error;
      }
    },
  };
}

import { formatDuration, isCounterpointError, type Json, type JsonObject, newId } from '@counterpoint/core';
import { fabricErrors, type LocalInstance, type ServiceRequest } from '@counterpoint/fabric';
import { errors } from '../errors.ts';
import type { MemberConnection } from './member.ts';
import type { MqttGatewayOptions } from './options.ts';

/** How long an invocation may take at most, and where nothing is said, in milliseconds. */
const LONGEST = 300_000;
const DEFAULT_TIMEOUT = 30_000;

function ask(connection: MemberConnection, action: string, request: ServiceRequest, signal: AbortSignal) {
  const { service, payload, key, timeout } = request;
  const { waiting } = connection.identity;
  const id = newId();
  const { promise, resolve, reject } = Promise.withResolvers<Json>();
  const settle = (result: { readonly payload: Json } | Error) => {
    waiting.delete(id);
    if (result instanceof Error) reject(result);
    else resolve(result.payload);
  };
  const body = { service, payload, key, timeout: Math.max(1, Math.ceil(timeout / 1_000)) };
  const message = {
    topic: `$fabric/request/${action}/${id}`,
    payload: Buffer.from(JSON.stringify(body)),
    qos: 1,
  } as const;
  if (!connection.send(message)) throw fabricErrors.service_gone({ service, instance: connection.id });
  waiting.set(id, { service, settle });
  const late = () => settle(fabricErrors.service_timeout({ service, timeout: formatDuration(timeout) }));
  signal.addEventListener('abort', late, { once: true });
  return promise.finally(() => signal.removeEventListener('abort', late));
}

/** Offers an action for as long as the connection subscribes to its requests. @throws fabric.offer_denied */
export async function offer(
  { services, participants, clock }: MqttGatewayOptions,
  connection: MemberConnection,
  action: string,
): Promise<void> {
  const { participant, offers } = connection.identity;
  const id = offers.get(action) ?? newId();
  offers.set(action, id);
  const instance: LocalInstance = {
    id,
    participant,
    service: `${participant}.${action}`,
    topics: [],
    site: participants.get(participant)?.site ?? '',
    metadata: { via: 'mqtt' },
    async call(request, signal) {
      const over = new AbortController();
      const cancel = clock.after(request.timeout, () => over.abort());
      return ask(connection, action, request, AbortSignal.any([signal, over.signal])).finally(cancel);
    },
  };
  try {
    await services.register(instance);
  } catch (error) {
    offers.delete(action);
    throw error;
  }
}

/** Offers an action no longer. */
export async function withdraw({ services }: MqttGatewayOptions, connection: MemberConnection, action: string) {
  const { offers } = connection.identity;
  const id = offers.get(action);
  offers.delete(action);
  if (id !== undefined) await services.withdraw(id);
}

/** Nobody will answer what this connection took any more. */
export function lose(connection: MemberConnection): void {
  for (const { service, settle } of [...connection.identity.waiting.values()]) {
    settle(fabricErrors.service_lost({ service, instance: connection.id }));
  }
}

/** Gives a caller the answer of a client: `{payload}`, or `{error, code}`. @throws gateway.mqtt_request_unknown, gateway.mqtt_payload_invalid */
export function answer(connection: MemberConnection, topic: string, id: string, body: Json): void {
  const waiting = connection.identity.waiting.get(id);
  if (!waiting) throw errors.mqtt_request_unknown({ id });
  const { payload, error, code } = (body ?? {}) as JsonObject;
  if (typeof error === 'string') {
    const details = typeof code === 'string' ? { details: { error: code } } : {};
    waiting.settle(
      fabricErrors.service_failed({ service: waiting.service, reason: error.replace(/\.$/, '') }, details),
    );
  } else if (payload !== undefined) waiting.settle({ payload });
  else throw errors.mqtt_payload_invalid({ topic, reason: 'it has neither payload nor error' });
}

function numberOr(value: Json | undefined, fallback: number | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value * 1_000 : fallback;
}

/** Asks a service, and gives what the client is answered. */
export async function invoke(
  { services, participants }: MqttGatewayOptions,
  connection: MemberConnection,
  service: string,
  body: Json,
): Promise<JsonObject> {
  const { participant } = connection.identity;
  const { payload = null, key, timeout, lease, cause } = (body ?? {}) as JsonObject;
  const limit = Math.min(LONGEST, numberOr(timeout, DEFAULT_TIMEOUT) ?? DEFAULT_TIMEOUT);
  const stays = numberOr(lease, undefined);
  try {
    const answered = await services.invokeFor(participant, {
      ...{ service, payload, key: typeof key === 'string' && key !== '' ? key : newId(), timeout: limit },
      site: participants.get(participant)?.site ?? '',
      ...(stays === undefined ? {} : { lease: stays }),
      ...(typeof cause === 'string' ? { cause } : {}),
    });
    return { payload: answered };
  } catch (error) {
    if (!isCounterpointError(error)) throw error;
    return { error: error.message, code: error.code, help: error.help };
  }
}

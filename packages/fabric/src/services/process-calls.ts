import { CounterpointError, formatDuration, isCounterpointError, type Json, parseJson } from '@counterpoint/core';
import type { Causality, ProcessCalls } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { ServiceRequest } from './service.ts';

/** A request on its way to the process that an instance is connected to. */
interface Letter extends Omit<ServiceRequest, 'signal' | 'causality'> {
  readonly instance: string;
  readonly causality: Causality;
}

/** What comes back. */
type Reply =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly code: string; readonly reason: string; readonly details: Json };

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** The other process keeps the time; this one gives it a moment to say so. */
const GRACE = 1_000;

const encode = (value: Letter | Reply): Uint8Array => encoder.encode(JSON.stringify(value));

/**
 * Asks an instance whose connection ends in another process.
 *
 * @throws as `LocalInstance.call`; fabric.service_gone when the process is not there any more, and fabric.service_lost when nobody
 *   can tell what became of it
 */
export async function callElsewhere(
  calls: ProcessCalls,
  node: string,
  instance: string,
  { signal: _signal, ...request }: ServiceRequest,
  timeout: number,
): Promise<Json> {
  const { service } = request;
  let answer: Uint8Array;
  try {
    answer = await calls.call(node, encode({ ...request, instance, timeout }), timeout + GRACE);
  } catch (cause) {
    if (isCounterpointError(cause, 'events.process_absent'))
      throw errors.service_gone({ instance, service }, { cause });
    throw errors.service_lost({ instance, service }, { cause });
  }
  const reply = parseJson(decoder.decode(answer)) as unknown as Reply;
  if (reply.ok) return reply.value;
  const details = { details: reply.details as Readonly<Record<string, unknown>> };
  if (reply.code === 'fabric.service_gone') throw errors.service_gone({ instance, service });
  if (reply.code === 'fabric.service_lost') throw errors.service_lost({ instance, service });
  if (reply.code === 'fabric.service_timeout') {
    throw errors.service_timeout({ service, timeout: formatDuration(timeout) });
  }
  // The reason is the whole message over there, which is about to be said again.
  const said = errors.service_failed({ service, reason: '' }).message.replace(/\.$/, '');
  const reason = reply.reason.startsWith(said) ? reply.reason.slice(said.length) : reply.reason;
  throw errors.service_failed({ service, reason }, details);
}

/** Answers another process: `call` asks an instance of this one. Never rejects. */
export async function answerElsewhere(
  message: Uint8Array,
  call: (instance: string, request: ServiceRequest) => Promise<Json>,
): Promise<Uint8Array> {
  try {
    const { instance, ...request } = parseJson(decoder.decode(message)) as unknown as Letter;
    return encode({ ok: true, value: await call(instance, { ...request, instance }) });
  } catch (error) {
    if (!(error instanceof CounterpointError)) {
      return encode({ ok: false, code: 'core.internal', reason: 'the process met a defect', details: {} });
    }
    const { code, message: reason, details } = error;
    return encode({ ok: false, code, reason: reason.replace(/\.$/, ''), details: details as Json });
  }
}

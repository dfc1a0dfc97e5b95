import type { EndpointName } from '@counterpoint/contracts';
import type { Redactor } from '@counterpoint/core';
import type { Handlers } from './handler-types.ts';

type AnyHandler = (request: unknown) => Promise<unknown>;

/**
 * Takes out of every answer of these handlers whatever secret of this server it may hold. What products say is cleaned
 * before it is written down; this is for what was written before a secret was known, and for what people and tools put in
 * themselves. Not for what gives a secret on purpose, such as a new token, nor for text that people edit and send back.
 */
export function redactAnswers<Some extends Partial<Handlers<EndpointName>>>(redactor: Redactor, handlers: Some): Some {
  const redacted = Object.entries(handlers).map(([name, handler]) => {
    const answer = handler as AnyHandler;
    return [name, async (request: unknown) => redactor.value(await answer(request))];
  });
  return Object.fromEntries(redacted) as Some;
}

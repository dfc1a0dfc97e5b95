import { type Clock, formatDuration, type Json } from '@counterpoint/core';
import { errors } from '../errors.ts';
import type { LocalInstance, ServiceRequest } from './service.ts';

/**
 * Asks an instance of this process, for so long.
 *
 * @param timeout Milliseconds.
 * @throws as `LocalInstance.call`, and fabric.service_timeout
 */
export async function askInstance(
  clock: Clock,
  instance: LocalInstance,
  request: ServiceRequest,
  timeout: number,
): Promise<Json> {
  const control = new AbortController();
  const late = Promise.withResolvers<never>();
  const giveUp = () => {
    control.abort();
    // First the instance may say that it never took the request.
    setImmediate(() =>
      late.reject(errors.service_timeout({ service: request.service, timeout: formatDuration(timeout) })),
    );
  };
  const disarm = clock.after(timeout, giveUp);
  request.signal?.addEventListener('abort', giveUp, { once: true });
  try {
    if (request.signal?.aborted) giveUp();
    return await Promise.race([instance.call(request, control.signal), late.promise]);
  } finally {
    disarm();
    request.signal?.removeEventListener('abort', giveUp);
  }
}

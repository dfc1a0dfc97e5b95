import { coreErrors, isCounterpointError } from '@counterpoint/core';
import type { FastifyRequest } from 'fastify';
import { errors } from './errors.ts';

/** How many bytes of bodies wait in memory at once. */
export interface BodyBudget {
  readonly ofAll: number;
  readonly ofOneAddress: number;
}

/** What {@link createBodyReader} keeps to where it is told nothing else. */
const BUDGET: BodyBudget = { ofAll: 256 * 1024 * 1024, ofOneAddress: 64 * 1024 * 1024 };

/**
 * Makes what reads bodies whole whose senders prove themselves by what stands in them. Until then anybody may have sent
 * them: what waits in memory of all, and of one address, is bounded, so that many large ones that never end cost no more.
 *
 * @param limit the largest body, in bytes
 */
export function createBodyReader(limit: number, { ofAll, ofOneAddress }: BodyBudget = BUDGET) {
  const byAddress = new Map<string, number>();
  let all = 0;
  const add = (address: string, bytes: number): boolean => {
    const held = (byAddress.get(address) ?? 0) + bytes;
    all += bytes;
    if (held === 0) byAddress.delete(address);
    else byAddress.set(address, held);
    return all <= ofAll && held <= ofOneAddress;
  };

  /** @throws core.body_too_large, api.bodies_wait, api.request_invalid when whoever sends it is gone */
  return async ({ raw, ip, headers }: FastifyRequest, payload: FastifyRequest['raw']): Promise<Buffer> => {
    if (Number(headers['content-length']) > limit) throw coreErrors.body_too_large({ limit });
    const chunks: Buffer[] = [];
    let size = 0;
    raw.once('close', () => add(ip, -size));
    // The connection is still needed, to say why the rest is not read.
    try {
      for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
        size += chunk.length;
        if (!add(ip, chunk.length)) throw errors.bodies_wait();
        if (size > limit) throw coreErrors.body_too_large({ limit });
        chunks.push(chunk);
      }
    } catch (error) {
      throw isCounterpointError(error)
        ? error
        : errors.request_invalid({ reason: 'the connection ended in its middle' });
    }
    return Buffer.concat(chunks);
  };
}

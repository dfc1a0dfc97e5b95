import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config/settings.ts';
import { errors } from './errors.ts';

/** Begins to listen where the configuration says, and gives the address. @throws server.port_taken */
export async function listenOn(app: FastifyInstance, config: Config): Promise<string> {
  const host = config['server.host'];
  try {
    await app.listen({ host, port: config['server.port'] });
  } catch (cause) {
    const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
    throw taken ? errors.port_taken({ host, port: config['server.port'] }, { cause }) : cause;
  }
  const { address, port, family } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

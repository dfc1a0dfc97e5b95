import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { systemClock } from '@counterpoint/core';
import type { FastifyReply } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EventStream, openEventStream } from './sse.ts';

const CHUNK = 'x'.repeat(64 * 1024);

let server: Server;
let sockets: Socket[];
let opened: (stream: EventStream) => void;
beforeEach(async () => {
  sockets = [];
  server = createServer((_request, raw) => {
    const reply = { raw, hijack: () => {} } as unknown as FastifyReply;
    opened(openEventStream(reply, systemClock, async () => {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A stream to somebody who reads, or never does. */
function streamTo(reads: boolean): Promise<EventStream> {
  const { promise, resolve } = Promise.withResolvers<EventStream>();
  opened = resolve;
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  if (reads) socket.resume();
  else socket.pause();
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  return promise;
}

/** Sends 32 MiB, more than what the system keeps for a connection and what may gather together. */
async function sendMuch(stream: EventStream): Promise<void> {
  for (let count = 0; count < 512; count++) {
    stream.send({ data: CHUNK });
    await new Promise(setImmediate);
  }
}

describe('a stream of server-sent events', () => {
  it('is over for a reader that lets more than 4 MiB gather', async () => {
    const stream = await streamTo(false);
    await sendMuch(stream);
    await expect.poll(() => stream.signal.aborted).toBe(true);
  });

  it('goes on for one that reads, who is waited for', async () => {
    const stream = await streamTo(true);
    for (let count = 0; count < 512; count++) {
      stream.send({ data: CHUNK });
      await stream.room();
    }
    expect(stream.signal.aborted).toBe(false);
  });
});

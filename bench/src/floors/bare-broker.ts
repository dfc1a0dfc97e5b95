import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { Aedes } from 'aedes';

// `node floors/bare-broker.ts <key file> <certificate file>`: aedes over TLS that asks for client certificates, and
// nothing else. Prints {"port": …} when it listens.
const [key = '', cert = ''] = process.argv.slice(2);
const broker = await Aedes.createBroker({ maxClientsIdLength: 64 });
const server = createServer(
  { key: readFileSync(key), cert: readFileSync(cert), requestCert: true, rejectUnauthorized: false },
  (socket) => {
    socket.on('error', () => socket.destroy());
    broker.handle(socket);
  },
);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
process.on('SIGTERM', () => process.exit(0));

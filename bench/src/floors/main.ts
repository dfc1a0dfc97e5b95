import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FloorMode, floorModes } from './modes.ts';

// A floor program: `node floors/main.ts <mode> <directory or address of a database>`. Prints {"port": …} when it listens.
const [mode = '', place = ''] = process.argv.slice(2);
if (!(mode in floorModes)) throw new TypeError(`the mode is one of ${Object.keys(floorModes)}, not "${mode}"`);
const work = await floorModes[mode as FloorMode](place);

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    body += chunk;
  });
  request.on('end', () => {
    work(body).then(
      (outputs) => {
        const text = JSON.stringify(outputs);
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
        response.end(text);
      },
      (error: unknown) => {
        response.writeHead(500).end(String(error));
      },
    );
  });
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
});
process.on('SIGTERM', () => process.exit(0));

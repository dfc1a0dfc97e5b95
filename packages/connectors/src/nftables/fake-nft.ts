/**
 * Stands in for the `nft` program where there is no root: `fake-nft.ts PORT -j -- DOCUMENT` passes the document to
 * the simulated kernel on that loopback port, prints what it says and ends with its exit code.
 */
import { request } from 'node:http';

interface Reply {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function readAll(stream: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

function ask(port: number, document: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request({ host: '127.0.0.1', port, path: '/nft', method: 'POST', headers }, (response) => {
      readAll(response).then((text) => resolve(JSON.parse(text) as Reply), reject);
    });
    sent.on('error', reject);
    sent.end(document);
  });
}

const reply = await ask(Number(process.argv[2]), process.argv.at(-1) ?? '').catch(() => ({
  code: 1,
  stdout: '',
  stderr: 'netlink: the simulated kernel does not answer\n',
}));
process.stdout.write(reply.stdout);
process.stderr.write(reply.stderr);
process.exitCode = reply.code;

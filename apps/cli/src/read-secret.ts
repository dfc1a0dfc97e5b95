import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Nothing that is typed is shown. */
const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });

/** Reads one line that nobody may see: from the terminal without showing it, else from standard input. */
export async function readSecret(prompt: string): Promise<string> {
  const terminal = process.stdin.isTTY === true;
  if (terminal) process.stderr.write(prompt);
  const reader = createInterface({ input: process.stdin, output: unseen, terminal });
  try {
    for await (const text of reader) return text;
    return '';
  } finally {
    reader.close();
    if (terminal) process.stderr.write('\n');
  }
}

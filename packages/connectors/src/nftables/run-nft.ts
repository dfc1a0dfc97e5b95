import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type ActionCall, type ConnectorErrorName, type Performed, vendorError } from '@counterpoint/connector-kit';
import { type Json, parseJson } from '@counterpoint/core';
import type { NftDocument } from './commands.ts';

/** How `nft` ended. */
export interface NftOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface Program {
  readonly file: string;
  readonly args: readonly string[];
}

const MAX_OUTPUT = 16 * 1024 * 1024;
const ENVIRONMENT = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };

/**
 * The document goes as one argument: with `-f -`, nft opens /dev/stdin by name, which fails on the socket that Node
 * gives a child for its input.
 */
function programOf({ connection }: ActionCall, document: NftDocument): Program {
  const nftArgs = ['-j', '--', JSON.stringify(document)];
  const { config, simulated } = connection;
  if (simulated) {
    // The stand-in program is reached like the real one: same arguments, same JSON.
    const stand = fileURLToPath(new URL('./fake-nft.ts', import.meta.url));
    return { file: process.execPath, args: [stand, String(config.simulator_port), ...nftArgs] };
  }
  if (typeof config.namespace === 'string') {
    return { file: 'ip', args: ['netns', 'exec', config.namespace, 'nft', ...nftArgs] };
  }
  return { file: 'nft', args: nftArgs };
}

function nftError(call: ActionCall, error: ConnectorErrorName, reason: string, performed: Performed): Error {
  return vendorError('nftables', call, { error, reason, performed });
}

function execute(call: ActionCall, document: NftDocument): Promise<NftOutcome> {
  const { file, args } = programOf(call, document);
  const options = { env: ENVIRONMENT, signal: call.signal, maxBuffer: MAX_OUTPUT, killSignal: 'SIGKILL' } as const;
  return new Promise((resolve, reject) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      const code: unknown = error?.code;
      if (!error) resolve({ code: 0, stdout, stderr });
      else if (call.signal.aborted) reject(nftError(call, 'timeout', 'nft did not end in time', 'maybe'));
      else if (typeof code === 'number') resolve({ code, stdout, stderr });
      else if (code === 'ENOENT') reject(nftError(call, 'unavailable', `${file} is not installed`, 'no'));
      else reject(nftError(call, 'unavailable', `${file} was ended (${String(code)})`, 'maybe'));
    });
  });
}

/** Which error the words of nft mean. A document is one transaction: when it fails, nothing was changed. */
function complaint(call: ActionCall, { stderr }: NftOutcome): Error {
  const words = stderr.trim().split('\n')[0] ?? '';
  if (/Operation not permitted|must be root/i.test(stderr)) return nftError(call, 'forbidden', words, 'no');
  if (/No such file or directory/.test(stderr)) return nftError(call, 'not_found', words, 'no');
  if (/Could not resolve hostname|Error: /.test(stderr)) return nftError(call, 'invalid_request', words, 'no');
  return nftError(call, 'unavailable', words === '' ? 'nft failed without a word' : words, 'no');
}

/**
 * Runs one document through `nft`, without a shell and with nothing of our environment, and gives what it lists.
 *
 * @throws ConnectorError
 */
export async function runNft(call: ActionCall, document: NftDocument): Promise<readonly Json[]> {
  const outcome = await execute(call, document);
  if (outcome.code !== 0) throw complaint(call, outcome);
  if (outcome.stdout.trim() === '') return [];
  try {
    const { nftables } = parseJson(outcome.stdout) as { nftables?: unknown };
    if (Array.isArray(nftables)) return nftables as readonly Json[];
  } catch {
    // Falls through to the same complaint.
  }
  throw nftError(call, 'bad_response', 'nft printed no JSON list', 'maybe');
}

import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { errors } from './errors.ts';

const KEPT_OUTPUT = 4_000;
const STOP_MILLIS = 10_000;

/** How to start a program that runs until it is stopped. */
export interface ProgramOptions<Ready> {
  /** Flags for Node, a script, and its arguments. */
  readonly args: readonly string[];
  /** Working directory; default this process's. */
  readonly cwd?: string;
  /** Added to the environment, in which no setting of the product is left. */
  readonly env?: Readonly<Record<string, string>>;
  /** Reads a line of its standard output; anything but undefined means that it is ready. */
  readonly readReady: (line: string) => Ready | undefined;
  /** How long it may take to be ready. Default 60. */
  readonly seconds?: number;
}

/** A program that is running. */
export interface Program<Ready> {
  readonly pid: number;
  readonly ready: Ready;
  /** Ends it, by force after ten seconds. */
  stop(): Promise<void>;
}

/** The environment without what somebody has set for their own server. */
function neutralEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('COUNTERPOINT_')));
}

/** Starts a program with this Node and waits until it is ready. @throws bench.program_not_ready, bench.program_ended */
export async function startProgram<Ready>(options: ProgramOptions<Ready>): Promise<Program<Ready>> {
  const program = basename(options.args.find((arg) => !arg.startsWith('-')) ?? '');
  const seconds = options.seconds ?? 60;
  const child = spawn(process.execPath, options.args, {
    cwd: options.cwd,
    env: { ...neutralEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (text: string) => {
    output = (output + text).slice(-KEPT_OUTPUT);
  };
  child.stderr.setEncoding('utf8').on('data', keep);
  const lines = createInterface({ input: child.stdout });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let stopping = false;
  const stop = async () => {
    stopping = true;
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS);
    await closed;
    clearTimeout(force);
  };
  try {
    const ready = await new Promise<Ready>((resolve, reject) => {
      const timer = setTimeout(() => reject(errors.program_not_ready({ program, seconds, output })), seconds * 1000);
      child.once('error', reject);
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        reject(errors.program_ended({ program, code: code ?? signal ?? 'nothing', output }));
      });
      lines.on('line', (line) => {
        keep(`${line}\n`);
        const found = options.readReady(line);
        if (found === undefined) return;
        clearTimeout(timer);
        resolve(found);
      });
    });
    child.once('close', (code, signal) => {
      // While it was measured: without its last words nothing explains the errors of the load generator.
      if (!stopping) process.stderr.write(`${program} ended by itself (${code ?? signal}):\n${output}\n`);
    });
    return { pid: child.pid ?? 0, ready, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Reads a line that is a JSON object with a field of this name, as programs print to say that they are ready. */
export function jsonLineWith<Ready>(field: string): (line: string) => Ready | undefined {
  return (line) => {
    if (!line.startsWith('{')) return undefined;
    try {
      const value: unknown = JSON.parse(line);
      return value !== null && typeof value === 'object' && field in value ? (value as Ready) : undefined;
    } catch {
      return undefined;
    }
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import NODE_FLAGS from '../../tools/node-flags.json' with { type: 'json' };

const MAIN = join(import.meta.dirname, '../../apps/cli/src/main.ts');
const PATIENCE = 90_000;

/** Every process that a test started and that may still run; the test process takes them with it. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** What a command printed, and how it ended. */
export interface Finished {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a command runs. */
export interface Place {
  /** Folder it runs in; `counterpoint.yaml` is looked for there. */
  readonly folder: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** A running server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  readonly setupCode: string | null;
  /** Tokens of the sources that this start made, by source. */
  readonly sources: Readonly<Record<string, string>>;
  readonly pid: number;
  /** What it wrote to standard error so far. */
  log(): string;
  /** Ends it and resolves when it is gone. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

/** A folder that is removed by the returned `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'counterpoint-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** The environment of a newcomer: nothing of ours from outside, settings in the folder. */
function environment({ folder, env = {} }: Place): NodeJS.ProcessEnv {
  const outside = Object.entries(process.env).filter(
    ([name]) => !/^(COUNTERPOINT_|VITEST|NODE_ENV|FORCE_COLOR)/.test(name),
  );
  return { ...Object.fromEntries(outside), XDG_CONFIG_HOME: join(folder, 'config'), NO_COLOR: '1', ...env };
}

/** The options that `npm start` gives to this version of Node. */
function nodeOptions(): readonly string[] {
  const { any, ...byMajor } = NODE_FLAGS as Readonly<Record<string, readonly string[]>>;
  return [...(any ?? []), ...(byMajor[process.versions.node.split('.')[0] ?? ''] ?? [])];
}

function launch(args: readonly string[], place: Place): ChildProcess {
  const child = spawn(process.execPath, [...nodeOptions(), MAIN, ...args], {
    cwd: place.folder,
    env: environment(place),
    stdio: 'pipe',
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/** Runs the command to its end. */
export function counterpoint(args: readonly string[], place: Place): Promise<Finished> {
  const child = launch(args, place);
  const seen = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    seen.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    seen.stderr += chunk;
  });
  child.stdin?.end(place.input ?? '');
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...seen })));
}

/** Starts a server on a free port and resolves when it is ready. @throws Error with its log when it ends before */
export async function startServerProcess(place: Place, args: readonly string[] = []): Promise<ServerProcess> {
  const child = launch(['start', '--json', '--port', '0', '--data-dir', 'data', ...args], place);
  let log = '';
  child.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not ready after ${PATIENCE / 1000} s: ${log}`)), PATIENCE);
    if (child.stdout) createInterface({ input: child.stdout }).once('line', (text) => resolve(JSON.parse(text)));
    gone.then((code) => reject(new Error(`it ended with ${code}: ${log}`)));
  });
  const told = await ready.finally(() => clearTimeout(timer));
  const made = told.newSources as readonly { readonly id: string; readonly token: string }[];
  return {
    url: String(told.url),
    setupCode: told.setupCode as string | null,
    sources: Object.fromEntries(made.map(({ id, token }) => [id, token])),
    pid: Number(told.pid),
    log: () => log,
    kill(signal) {
      child.kill(signal);
      return gone;
    },
  };
}

/** Resolves when `holds` gives something; asks every 25 ms. @throws Error after a minute */
export async function until<Found>(
  what: string,
  holds: () => Promise<Found | undefined | false> | Found | undefined | false,
  patience = 60_000,
): Promise<Found> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await holds();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`waited ${patience / 1000} s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Order, Report, SubjectSetup } from '../subject/orders.ts';

const ROOT = join(import.meta.dirname, '../../..');
const MAIN = join(ROOT, 'crash/src/subject/main.ts');
const COMPILED = join(ROOT, 'node_modules/.cache/compile');
const PATIENCE = 60_000;

/** A server process that can be killed. */
export interface Subject {
  /** Its name in the journal of the oracle. */
  readonly worker: string;
  readonly pid: number;
  readonly url: string;
  /** The one-time code of an installation without owner. */
  readonly setupCode: string | null;
  readonly spawnedAt: number;
  readonly readyAt: number;
  /** Resolves when the process is gone, with the moment. */
  readonly gone: Promise<number>;
  /** Gives an order and resolves when it was taken. */
  order(order: Order): Promise<void>;
  /** Resolves with the run that came to its end while it was watched. */
  nextEnd(): Promise<string>;
  signal(signal: NodeJS.Signals): void;
}

/** A process that was started and may not be ready yet. */
export interface Starting {
  readonly pid: number;
  readonly spawnedAt: number;
  readonly ready: Promise<Subject>;
  readonly gone: Promise<number>;
  /** Resolves when the process is gone: how it ended by itself, undefined when somebody ended it. */
  readonly failed: Promise<string | undefined>;
  signal(signal: NodeJS.Signals): void;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Every process that is alive, for whoever must end them by hand. */
export function forkQuietly(main: string, args: readonly string[], folder: string, name: string): ChildProcess {
  mkdirSync(folder, { recursive: true });
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(COUNTERPOINT_|VITEST|NODE_ENV|NODE_OPTIONS)/.test(key)),
  );
  const child = fork(main, args, {
    cwd: folder,
    env: { ...env, NODE_COMPILE_CACHE: COMPILED },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = createWriteStream(join(folder, `${name}.log`), { flags: 'a' });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

/** Starts a server process. Its output goes to `<worker>.log` in the folder. */
export function startSubject(setup: SubjectSetup, folder: string): Starting {
  const spawnedAt = Date.now();
  const name = setup.worker.split('#')[0] ?? setup.worker;
  const child = forkQuietly(MAIN, [JSON.stringify(setup)], folder, name);
  const exit = once(child, 'exit');
  const gone = exit.then(() => Date.now());
  const failed = exit.then(([code, by]) => {
    if (code === 0 || by === 'SIGKILL' || by === 'SIGTERM') return undefined;
    return `${setup.worker} ended by itself (${code ?? by})`;
  });
  const pid = child.pid ?? 0;
  const signal = (what: NodeJS.Signals): void => void child.kill(what);
  const ready = new Promise<Subject>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} was not ready in ${PATIENCE / 1000} s`)), PATIENCE);
    const settle = (): void => clearTimeout(timer);
    child.on('message', (report: Report) => {
      if (report.report !== 'ready') return;
      settle();
      const { url, setupCode } = report;
      const { order, nextEnd } = talk(child);
      resolve({
        worker: setup.worker,
        pid,
        url,
        setupCode,
        spawnedAt,
        readyAt: Date.now(),
        gone,
        order,
        nextEnd,
        signal,
      });
    });
    child.once('exit', (code, by) => {
      settle();
      const last = readFileSync(join(folder, `${name}.log`), 'utf8').slice(-2_000);
      reject(new Error(`${name} ended (${code ?? by}) before it was ready:\n${last}`));
    });
  });
  // Whoever kills it on purpose does not wait for it.
  ready.catch(() => undefined);
  return { pid, spawnedAt, ready, gone, failed, signal };
}

function talk(child: ChildProcess): Pick<Subject, 'order' | 'nextEnd'> {
  return {
    order(order) {
      return new Promise((resolve, reject) => {
        const hear = (report: Report): void => {
          if (report.report !== 'done' || report.order !== order.order) return;
          child.off('message', hear);
          resolve();
        };
        child.on('message', hear);
        child.send(order, (error) => error && reject(error));
      });
    },
    nextEnd() {
      return new Promise((resolve) => {
        const hear = (report: Report): void => {
          if (report.report !== 'ended') return;
          child.off('message', hear);
          resolve(report.run);
        };
        child.on('message', hear);
      });
    },
  };
}

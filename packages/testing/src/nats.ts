import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from './free-port.ts';

/** A nats-server of its own with JetStream, on loopback. */
export interface NatsServer {
  /** `nats://127.0.0.1:<port>`, the same after a restart. */
  readonly url: string;
  /** Ends it and keeps what it has stored; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it at once, as a crash does, and keeps what it has stored; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port, and ends it before where it is up; resolves when it answers. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** What {@link startNats} can be given. */
export interface NatsServerOptions {
  /** Further arguments for nats-server, such as `['--user', 'a', '--pass', 'b']`. */
  readonly args?: readonly string[];
}

const PROGRAM = 'nats-server';
const DEBIAN = '/usr/sbin';
const PATIENCE = 10_000;

function program(): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), DEBIAN];
  const found = folders.map((folder) => join(folder, PROGRAM)).find((file) => existsSync(file));
  if (!found) throw new Error(`${PROGRAM} is not installed: it is neither on PATH nor in ${DEBIAN}`);
  return found;
}

/** Whether the server greets who connects. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (up: boolean) => {
      socket.destroy();
      resolve(up);
    };
    socket.once('data', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('close', () => settle(false));
  });
}

async function spawnServer(port: number, home: string, args: readonly string[]): Promise<ChildProcess> {
  const fixed = ['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', home];
  const child = spawn(program(), [...fixed, '--log', join(home, 'log'), ...args], { stdio: 'ignore' });
  for (const end = Date.now() + PATIENCE; Date.now() < end; ) {
    if (await answers(port)) return child;
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  throw new Error(`${PROGRAM} did not start; its log is ${join(home, 'log')}`);
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  return gone;
}

/** Starts a scratch nats-server with JetStream (file storage) on a free port. @throws Error when it is not installed */
export async function startNats({ args = [] }: NatsServerOptions = {}): Promise<NatsServer> {
  const home = mkdtempSync(join(tmpdir(), 'counterpoint-nats-'));
  const port = await freePort();
  let child = await spawnServer(port, home, args);
  const leave = () => child.kill('SIGKILL');
  process.once('exit', leave);
  return {
    url: `nats://127.0.0.1:${port}`,
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      await end(child, 'SIGTERM');
      child = await spawnServer(port, home, args);
    },
    async remove() {
      process.removeListener('exit', leave);
      await end(child, 'SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '@counterpoint/testing';
import type { FloorMode } from '../floors/modes.ts';
import type { LoadTarget } from '../load/job.ts';
import { jsonLineWith, startProgram } from '../program.ts';
import { playbookHook, type Subject, startSubject } from '../subject.ts';
import { WORK_ANSWER } from '../unit-of-work.ts';
import type { BenchmarkContext } from './context.ts';
import { fillJournal } from './fill-journal.ts';

const FLOOR = join(import.meta.dirname, '../floors/main.ts');
const PLAYBOOK = join(import.meta.dirname, '../../playbooks/w5.yaml');
const SOURCE = 'bench_w5';

/** A program that does the unit of work, running. */
export interface Running {
  readonly pid: number;
  readonly target: LoadTarget;
  stop(): Promise<void>;
}

/** A program that can do the unit of work. */
export interface Contender {
  readonly name: 'counterpoint' | 'counterpoint_empty' | 'floor_step' | 'floor_run' | 'floor_none';
  readonly title: string;
  start(directory: string): Promise<Running>;
}

/** @param place the directory, or the address of a database, that the floor writes to */
async function startFloor(mode: FloorMode, place: string): Promise<Running> {
  const { pid, ready, stop } = await startProgram<{ readonly port: number }>({
    args: [FLOOR, mode, place],
    readReady: jsonLineWith('port'),
  });
  const expect = { statuses: [200], contains: WORK_ANSWER };
  return { pid, target: { url: `http://127.0.0.1:${ready.port}/`, headers: {}, expect }, stop };
}

function floor(name: Contender['name'], title: string, mode: FloorMode): Contender {
  return { name, title, start: (directory) => startFloor(mode, directory) };
}

function running(subject: Subject, target: LoadTarget): Running {
  const { pid, stop } = subject;
  return { pid, target: { ...target, expect: { ...target.expect, contains: WORK_ANSWER } }, stop };
}

async function startProduct(
  command: readonly string[],
  directory: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const subject = await startSubject({ command, directory, env });
  try {
    const playbook = readFileSync(PLAYBOOK, 'utf8');
    return running(subject, await playbookHook(subject, await subject.signIn(), SOURCE, playbook));
  } catch (error) {
    await subject.stop();
    throw error;
  }
}

function product(command: readonly string[]): Contender {
  return {
    name: 'counterpoint',
    title: 'Counterpoint',
    start: (directory) => startProduct(command, directory),
  };
}

/** The product and the floors on SQLite, in the order in which they are shown. */
export function contenders(command: readonly string[]): readonly Contender[] {
  return [
    product(command),
    floor('floor_step', 'floor: SQLite FULL, group commit per step', 'step'),
    floor('floor_run', 'floor: SQLite FULL, group commit per run', 'run'),
    floor('floor_none', 'no storage at all', 'none'),
  ];
}

/** As a contender that is given an empty PostgreSQL server (its defaults, so `fsync` on) instead of a directory. */
function onPostgres(
  name: Contender['name'],
  title: string,
  start: (url: string, directory: string) => Promise<Running>,
): Contender {
  return {
    name,
    title,
    async start(directory) {
      const server = await startPostgres();
      try {
        const program = await start(server.url, directory);
        return {
          ...program,
          async stop() {
            await program.stop();
            server.stop();
          },
        };
      } catch (error) {
        server.stop();
        throw error;
      }
    },
  };
}

/** The product and the floors on PostgreSQL. */
export function postgresContenders(command: readonly string[]): readonly Contender[] {
  return [
    onPostgres('counterpoint', 'Counterpoint on PostgreSQL', (url, directory) =>
      startProduct(command, directory, { COUNTERPOINT_STORE__URL: url }),
    ),
    onPostgres('floor_step', 'floor: PostgreSQL, group commit per step', (url) => startFloor('postgres_step', url)),
    onPostgres('floor_run', 'floor: PostgreSQL, one commit per run', (url) => startFloor('postgres_run', url)),
  ];
}

/** The product on a store with `rows` journal rows, made in `directory` and used by every round, and on an empty one. */
export async function withinLargeStore(
  { command, progress }: BenchmarkContext,
  directory: string,
  rows: number,
): Promise<readonly Contender[]> {
  const first = await startProduct(command, directory);
  const answer = await fetch(first.target.url, {
    method: 'POST',
    headers: { ...first.target.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ src_ip: '10.0.0.1', user: 'Root', score: 60, failures: 50, pad: 'x'.repeat(900) }),
  });
  await answer.text();
  await first.stop();
  const { bytes } = fillJournal(join(directory, 'data'), rows);
  progress(`w5_large: the store has ${rows.toLocaleString('en')} journal rows, ${Math.round(bytes / 1e6)} MB`);
  const { pathname } = new URL(first.target.url);
  return [
    {
      name: 'counterpoint',
      title: `Counterpoint, ${rows.toLocaleString('en')} journal rows`,
      async start() {
        const subject = await startSubject({ command, directory });
        return running(subject, { ...first.target, url: new URL(pathname, subject.url).href });
      },
    },
    {
      name: 'counterpoint_empty',
      title: 'Counterpoint, empty store',
      start: (empty) => startProduct(command, empty),
    },
  ];
}

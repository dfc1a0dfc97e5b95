import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FloorMode } from '../floors/modes.ts';
import type { LoadTarget } from '../load/job.ts';
import { jsonLineWith, startProgram } from '../program.ts';
import { playbookHook, startSubject } from '../subject.ts';
import { WORK_ANSWER } from '../unit-of-work.ts';

const FLOOR = join(import.meta.dirname, '../floors/main.ts');
const PLAYBOOK = join(import.meta.dirname, '../../playbooks/w5.yaml');

/** A program that does the unit of work, running. */
export interface Running {
  readonly pid: number;
  readonly target: LoadTarget;
  stop(): Promise<void>;
}

/** A program that can do the unit of work. */
export interface Contender {
  readonly name: 'counterpoint' | 'floor_step' | 'floor_run' | 'floor_none';
  readonly title: string;
  start(directory: string): Promise<Running>;
}

function floor(name: Contender['name'], title: string, mode: FloorMode): Contender {
  return {
    name,
    title,
    async start(directory) {
      const { pid, ready, stop } = await startProgram<{ readonly port: number }>({
        args: [FLOOR, mode, directory],
        readReady: jsonLineWith('port'),
      });
      const expect = { statuses: [200], contains: WORK_ANSWER };
      return { pid, target: { url: `http://127.0.0.1:${ready.port}/`, headers: {}, expect }, stop };
    },
  };
}

function product(command: readonly string[]): Contender {
  return {
    name: 'counterpoint',
    title: 'Counterpoint',
    async start(directory) {
      const subject = await startSubject({ command, directory });
      try {
        const playbook = readFileSync(PLAYBOOK, 'utf8');
        const target = await playbookHook(subject, await subject.signIn(), 'bench_w5', playbook);
        return {
          pid: subject.pid,
          target: { ...target, expect: { ...target.expect, contains: WORK_ANSWER } },
          stop: subject.stop,
        };
      } catch (error) {
        await subject.stop();
        throw error;
      }
    },
  };
}

/** The product and the floors, in the order in which they are shown. */
export function contenders(command: readonly string[]): readonly Contender[] {
  return [
    product(command),
    floor('floor_step', 'floor: SQLite FULL, group commit per step', 'step'),
    floor('floor_run', 'floor: SQLite FULL, group commit per run', 'run'),
    floor('floor_none', 'no storage at all', 'none'),
  ];
}

import { newId } from '@counterpoint/core';
import { type WorkInput, type WorkOutputs, workOutputs, workSteps } from '../unit-of-work.ts';
import { createGroupCommit } from './committer.ts';
import { openFloorDatabase } from './database.ts';
import { openPostgresFloor } from './postgres.ts';

/** Does one unit of work for a body. */
export type FloorWork = (body: string) => Promise<WorkOutputs>;

/**
 * The programs that the product is measured against:
 * - `step`: each of the five steps awaits its own group commit; the run's row goes with the first;
 * - `run`: the run's row and the five steps' rows go into one group commit;
 * - `none`: nothing is stored;
 * - `postgres_step`, `postgres_run`: as the first two, on PostgreSQL, one statement for everything that gathered.
 */
export const floorModes = {
  step: commitPerStep,
  run: commitPerRun,
  none: storeNothing,
  postgres_step: commitPerStepOnPostgres,
  postgres_run: commitPerRunOnPostgres,
} as const satisfies Readonly<Record<string, (place: string) => FloorWork | Promise<FloorWork>>>;

export type FloorMode = keyof typeof floorModes;

function commitPerStep(directory: string): FloorWork {
  const { database, insertRun, insertStep } = openFloorDatabase(directory);
  const commit = createGroupCommit(database);
  return async (body) => {
    const input = JSON.parse(body) as WorkInput;
    const run = newId();
    const done = {};
    for (const [index, step] of workSteps.entries()) {
      const output = step(input, done);
      Object.assign(done, output);
      const text = JSON.stringify(output);
      await commit(() => {
        if (index === 0) insertRun(run, body);
        insertStep(run, index + 1, text);
      });
    }
    return workOutputs(done);
  };
}

function commitPerRun(directory: string): FloorWork {
  const { database, insertRun, insertStep } = openFloorDatabase(directory);
  const commit = createGroupCommit(database);
  return async (body) => {
    const input = JSON.parse(body) as WorkInput;
    const run = newId();
    const done = {};
    const texts = workSteps.map((step) => {
      const output = step(input, done);
      Object.assign(done, output);
      return JSON.stringify(output);
    });
    await commit(() => {
      insertRun(run, body);
      for (const [index, text] of texts.entries()) insertStep(run, index + 1, text);
    });
    return workOutputs(done);
  };
}

function storeNothing(): FloorWork {
  return async (body) => {
    const input = JSON.parse(body) as WorkInput;
    const done = {};
    for (const step of workSteps) Object.assign(done, step(input, done));
    return workOutputs(done);
  };
}

async function commitPerStepOnPostgres(url: string): Promise<FloorWork> {
  const write = await openPostgresFloor(url);
  return async (body) => {
    const input = JSON.parse(body) as WorkInput;
    const run = newId();
    const done = {};
    for (const [index, step] of workSteps.entries()) {
      const output = step(input, done);
      Object.assign(done, output);
      await write({ run: index === 0 ? { id: run, input: body } : undefined, steps: [row(run, index, output)] });
    }
    return workOutputs(done);
  };
}

async function commitPerRunOnPostgres(url: string): Promise<FloorWork> {
  const write = await openPostgresFloor(url);
  return async (body) => {
    const input = JSON.parse(body) as WorkInput;
    const run = newId();
    const done = {};
    const steps = workSteps.map((step, index) => {
      const output = step(input, done);
      Object.assign(done, output);
      return row(run, index, output);
    });
    await write({ run: { id: run, input: body }, steps });
    return workOutputs(done);
  };
}

const row = (run: string, index: number, output: unknown) => ({ run, seq: index + 1, output: JSON.stringify(output) });

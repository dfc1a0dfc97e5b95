import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WORK_ANSWER, workTemplate } from '../unit-of-work.ts';
import { createGroupCommit } from './committer.ts';
import { openFloorDatabase } from './database.ts';
import { floorModes } from './modes.ts';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'floor-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the floors', () => {
  it.each(['step', 'run'] as const)('keep one run row and five step rows: %s', async (mode) => {
    const outputs = await floorModes[mode](directory)(workTemplate());
    const reader = new Database(join(directory, 'floor.db'), { readonly: true });
    expect(outputs.text).toBe(WORK_ANSWER);
    expect(reader.prepare('SELECT input FROM runs').pluck().all()).toEqual([workTemplate()]);
    expect(reader.prepare('SELECT seq FROM steps ORDER BY seq').pluck().all()).toEqual([1, 2, 3, 4, 5]);
    reader.close();
  });

  it('answer without storing anything: none', async () => {
    expect((await floorModes.none()(workTemplate())).text).toBe(WORK_ANSWER);
  });
});

describe('the group commit of the floors', () => {
  it('takes everything that gathered in one transaction, and the next lot in the next', async () => {
    const { database, insertRun } = openFloorDatabase(directory);
    const groups: number[] = [];
    const commit = createGroupCommit(database);
    const write = (id: string) => {
      let inTransaction = false;
      const done = commit(() => {
        inTransaction = database.inTransaction;
        insertRun(id, '{}');
      });
      return done.then(() => groups.push(inTransaction && !database.inTransaction ? 1 : 0));
    };
    await Promise.all([write('a'), write('b').then(() => write('c'))]);
    expect(groups).toEqual([1, 1, 1]);
    expect(database.prepare('SELECT count(*) FROM runs').pluck().get()).toBe(3);
    database.close();
  });
});

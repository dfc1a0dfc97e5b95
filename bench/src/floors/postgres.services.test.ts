import { startPostgres } from '@counterpoint/testing';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { WORK_ANSWER, workTemplate } from '../unit-of-work.ts';
import { floorModes } from './modes.ts';

describe('the floors on PostgreSQL', () => {
  it.each(['postgres_step', 'postgres_run'] as const)('keep one run row and five step rows: %s', async (mode) => {
    const server = await startPostgres();
    try {
      const work = await floorModes[mode](server.url);
      expect((await work(workTemplate())).text).toBe(WORK_ANSWER);
      const client = new pg.Client({ connectionString: server.url });
      client.on('error', () => undefined);
      await client.connect();
      const { rows } = await client.query('SELECT seq::int FROM steps ORDER BY seq');
      expect(rows.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
      await client.end();
    } finally {
      server.stop();
    }
  });
});

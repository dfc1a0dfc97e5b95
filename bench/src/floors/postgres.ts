import pg from 'pg';

/** What one commit writes: the run's row with the first, and rows of steps. */
export interface FloorWrite {
  readonly run: { readonly id: string; readonly input: string } | undefined;
  readonly steps: readonly { readonly run: string; readonly seq: number; readonly output: string }[];
}

const SCHEMA = `
  CREATE TABLE runs (id TEXT PRIMARY KEY, input TEXT NOT NULL, created_at BIGINT NOT NULL);
  CREATE TABLE steps (
    run TEXT NOT NULL, seq BIGINT NOT NULL, output TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (run, seq)
  );
`;

/** One statement writes everything that gathered, so that a commit is one round trip. */
const INSERT = {
  name: 'floor',
  text: `WITH new_runs AS (
    INSERT INTO runs SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
  ) INSERT INTO steps SELECT * FROM unnest($4::text[], $5::bigint[], $6::text[], $7::bigint[])`,
};

/**
 * Opens an empty PostgreSQL database that is durable (`fsync` and `synchronous_commit` on, asserted), and gives group
 * commit over one connection: whatever has gathered while the commit before was under way goes into the next.
 */
export async function openPostgresFloor(url: string): Promise<(write: FloorWrite) => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  // A server that goes away fails the next write; the event alone must not end the process.
  client.on('error', () => undefined);
  await client.connect();
  for (const setting of ['fsync', 'synchronous_commit']) {
    const { rows } = await client.query(`SHOW ${setting}`);
    if (rows[0]?.[setting] !== 'on') throw new Error(`the floor would not be durable: ${setting}`);
  }
  await client.query(SCHEMA);
  let gathered: { readonly write: FloorWrite; done(): void; failed(error: unknown): void }[] = [];
  let busy = false;

  const flush = async (): Promise<void> => {
    while (gathered.length > 0) {
      const group = gathered;
      gathered = [];
      try {
        await client.query({ ...INSERT, values: valuesOf(group.map(({ write }) => write)) });
        for (const { done } of group) done();
      } catch (error) {
        for (const { failed } of group) failed(error);
      }
    }
    busy = false;
  };

  return (write) =>
    new Promise((done, failed) => {
      gathered.push({ write, done, failed });
      if (busy) return;
      busy = true;
      setImmediate(() => void flush());
    });
}

function valuesOf(writes: readonly FloorWrite[]): unknown[] {
  const runs = writes.flatMap(({ run }) => run ?? []);
  const steps = writes.flatMap((write) => write.steps);
  const now = Date.now();
  return [
    runs.map(({ id }) => id),
    runs.map(({ input }) => input),
    runs.map(() => now),
    steps.map(({ run }) => run),
    steps.map(({ seq }) => seq),
    steps.map(({ output }) => output),
    steps.map(() => now),
  ];
}

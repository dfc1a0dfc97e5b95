import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@counterpoint/store';
import { createMemoryStore } from '@counterpoint/testing';
import { describeLookups } from './testing/lookups.ts';

describeLookups('in memory', async () => createMemoryStore());
describeLookups('on SQLite', () =>
  openSqliteStore({ directory: mkdtempSync(join(tmpdir(), 'counterpoint-lookups-')) }),
);

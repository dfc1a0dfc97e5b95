import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEventLog } from '@counterpoint/events/conformance';
import { openSqliteStore } from '@counterpoint/store';
import { logUnderTest } from '../testing/log-under-test.ts';
import { openEmbeddedLog } from './log.ts';

describeEventLog('the embedded log on SQLite', {
  async open() {
    const directory = mkdtempSync(join(tmpdir(), 'counterpoint-log-'));
    return logUnderTest({
      alone: true,
      openStore: () => openSqliteStore({ directory }),
      openLog: (parts) => openEmbeddedLog({ ...parts, alone: true }),
      destroy: async () => rmSync(directory, { recursive: true }),
    });
  },
});

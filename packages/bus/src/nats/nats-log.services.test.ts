import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@counterpoint/core';
import { describeEventLog } from '@counterpoint/events/conformance';
import { openSqliteStore } from '@counterpoint/store';
import { type NatsServer, startNats } from '@counterpoint/testing';
import { afterAll, beforeAll } from 'vitest';
import { logUnderTest } from '../testing/log-under-test.ts';
import { connectNats, type NatsLink } from './connect.ts';
import { openNatsLog } from './log.ts';

let server: NatsServer;
beforeAll(async () => {
  server = await startNats();
});
afterAll(() => server.remove());

describeEventLog('the log on JetStream', {
  async open() {
    const directory = mkdtempSync(join(tmpdir(), 'counterpoint-log-'));
    const prefix = `t${newId()}`;
    const links: NatsLink[] = [];
    const closeLinks = async () => {
      for (const link of links.splice(0)) await link.connection.close();
    };
    return logUnderTest({
      alone: true,
      openStore: () => openSqliteStore({ directory }),
      async openLog(parts) {
        const link = await connectNats({ url: server.url, prefix });
        links.push(link);
        return openNatsLog({ ...parts, link });
      },
      abandon: closeLinks,
      async destroy() {
        await closeLinks();
        rmSync(directory, { recursive: true });
      },
    });
  },
});

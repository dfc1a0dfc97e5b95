import { buildTrace, type Trace } from '@counterpoint/actions';
import { createClient } from '@counterpoint/sdk';
import type { RunningServer } from '@counterpoint/server';
import type { Expectation, Stage } from './story.ts';

const PATIENCE = 30_000;
const LOOK = 50;

/** What is told while a story is played. */
export interface Audience {
  say(text: string): void;
  check(expectation: Expectation): void;
  trace(trace: Trace): void;
}

/**
 * Makes the stage of a server that was just started on an empty directory.
 *
 * @throws Error when the tools of the lab could not join
 */
export async function createStage(server: RunningServer, audience: Audience): Promise<Stage> {
  const tools = await server.labTools;
  if (!tools) throw new Error('the tools of the lab have not joined');
  const tokens = new Map(server.newSources.map(({ id, token }) => [id, token]));
  let owned: Promise<string> | undefined;
  const becomeOwner = async () => {
    const body = { code: server.setupCode ?? '', name: 'ada' };
    return (await createClient({ url: server.url }).setup({ body })).token;
  };
  return {
    server,
    tools,
    async send(source, body) {
      const response = await fetch(`${server.url}/hooks/${source}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokens.get(source)}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`the front door answered ${response.status}: ${await response.text()}`);
    },
    async owner() {
      owned ??= becomeOwner();
      return createClient({ url: server.url, token: await owned });
    },
    async until(what, done) {
      const end = Date.now() + PATIENCE;
      while (!(await done())) {
        if (Date.now() > end) throw new Error(`waited ${PATIENCE / 1000} s in vain until ${what}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK));
      }
    },
    say: (text) => audience.say(text),
    check: (what, holds) => audience.check({ what, holds }),
    showTrace: async (ref) => audience.trace(await buildTrace(server.store, ref)),
  };
}

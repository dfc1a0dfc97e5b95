import type { RunningServer } from '@counterpoint/server';
import type { Stage } from './story.ts';

const PATIENCE = 30_000;
const LOOK = 50;

/** Makes the stage of a server that was just started on an empty directory. */
export function createStage(server: RunningServer): Stage {
  const tokens = new Map(server.newSources.map(({ id, token }) => [id, token]));
  return {
    server,
    async send(source, body) {
      const response = await fetch(`${server.url}/hooks/${source}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokens.get(source)}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`the front door answered ${response.status}: ${await response.text()}`);
    },
    async until(what, done) {
      const end = Date.now() + PATIENCE;
      while (!(await done())) {
        if (Date.now() > end) throw new Error(`waited ${PATIENCE / 1000} s in vain until ${what}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK));
      }
    },
  };
}

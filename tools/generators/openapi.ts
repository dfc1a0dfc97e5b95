import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApi, createGate } from '@counterpoint/api';
import { createRedactor, defaultLimits, systemClock } from '@counterpoint/core';

function unreachable(): never {
  throw new Error('nothing is served while the OpenAPI document is written');
}

/** The OpenAPI 3.1 document of the HTTP API, as the server would answer it; no store is opened. */
export async function openapiFile(root: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  const app = await createApi({
    handlers: new Proxy({} as NonNullable<Parameters<typeof createApi>[0]['handlers']>, { get: () => unreachable }),
    gate: createGate({ authenticate: unreachable }),
    authorise: unreachable,
    limits: defaultLimits,
    redactor: createRedactor(),
    clock: systemClock,
    trustProxy: false,
    version,
    onDefect: unreachable,
  });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return `${JSON.stringify(document, null, 2)}\n`;
}

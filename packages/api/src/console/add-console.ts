import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../errors.ts';
import { isReading } from '../session/foreign.ts';
import { consoleHeaders, fileHeaders } from './policy.ts';

/** Answers a request that no route is for; undefined when the console has nothing to say to it. */
export type AnswerPage = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> | undefined;

/** Paths that belong to programs, not to the console. */
const RESERVED = /^\/(api|hooks|pages|fabric\/v1|healthz|readyz|metrics)(\/|$)/i;

/** A name that Vite gives: its hash changes with what is in the file. */
const ASSET = /^[\w][\w.@-]*$/;
const PUBLIC_FILE = /^\/[\w][\w-]*\.(ico|png|svg|txt|webmanifest)$/;

const YEAR = 31_536_000_000;

const UNBUILT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Counterpoint</title></head><body><main>
<h1>The console is not built</h1>
<p>This server is up, and its API answers. <code>npm start</code> builds the console when it starts the server;
<code>npm run build:console</code> builds it for a server that runs: then reload this page.</p></main></body></html>`;

/** Whether somebody opens an address in a browser: programs do not ask for HTML. */
function opensPage(request: FastifyRequest, path: string): boolean {
  return (request.headers.accept ?? '').includes('text/html') && !RESERVED.test(path);
}

async function sendPage(reply: FastifyReply, dir: string): Promise<FastifyReply> {
  const nonce = randomBytes(18).toString('base64url');
  const page = await readFile(join(dir, 'index.html'), 'utf8').catch(() => undefined);
  return reply
    .code(page === undefined ? 503 : 200)
    .headers(consoleHeaders(nonce))
    .type('text/html; charset=utf-8')
    .serializer(String)
    .send((page ?? UNBUILT).replaceAll('__CSP_NONCE__', nonce));
}

/**
 * Serves the built console in `dir`: its files, and its page for every address that a browser opens and nothing else is
 * at. Files with a hash in their name are kept by browsers for good; the page is read for each answer, so that a new build
 * needs no restart. Gives what answers addresses without a route.
 */
export async function addConsole(app: FastifyInstance, dir: string): Promise<AnswerPage> {
  await app.register(fastifyStatic, { serve: false, preCompressed: true });
  const options = { config: { permission: 'anonymous' }, schema: { hide: true } };
  app.get<{ Params: { readonly name: string } }>('/assets/:name', options, (request, reply) => {
    const { name } = request.params;
    if (!ASSET.test(name) || !existsSync(join(dir, 'assets', name))) {
      throw errors.route_unknown({ method: request.method, path: `/assets/${name}` });
    }
    reply.headers(fileHeaders);
    return reply.sendFile(name, join(dir, 'assets'), { immutable: true, maxAge: YEAR, index: false, dotfiles: 'deny' });
  });
  return (request, reply) => {
    if (!isReading(request)) return undefined;
    const [asked = ''] = request.url.split('?');
    // Browsers ask for this one whatever the page names.
    const path = asked === '/favicon.ico' ? '/favicon.svg' : asked;
    if (PUBLIC_FILE.test(path) && existsSync(join(dir, path))) {
      reply.headers(fileHeaders);
      return Promise.resolve(reply.code(200).sendFile(path.slice(1), dir, { maxAge: 3_600_000, index: false }));
    }
    return opensPage(request, path) ? sendPage(reply, dir) : undefined;
  };
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { DurableLog } from '../durable-log.ts';
import type { Behaviour, OracleCall } from './call.ts';

/** What the oracle knows of the world that it plays. */
interface World {
  /** How often a key was seen. */
  readonly seen: Map<string, number>;
  /** Keys whose effect happened. */
  readonly made: Set<string>;
  readonly held: Set<string>;
  /** Asynchronous work, by key: when it is done, Unix milliseconds. */
  readonly jobs: Map<string, number>;
}

/** The parts of a request that actions send, whether in the body or in the query. */
type Fields = Readonly<Record<string, string | undefined>>;

interface Answer {
  readonly done: boolean;
  readonly told: string;
  readonly body: unknown;
}

const SLOW = 250;
const JOB = 250;
const BEHAVIOURS: ReadonlySet<string> = new Set(['ok', 'slow', 'fail', 'limit', 'hang', 'reset', 'refuse']);

/** An address that was held before anybody asked; every ninth is. */
export function heldBefore(ip: string): boolean {
  return Number(ip.slice(ip.lastIndexOf('.') + 1)) % 9 === 0;
}

function once(world: World, key: string): boolean {
  if (world.made.has(key)) return false;
  world.made.add(key);
  return true;
}

type Act = (world: World, fields: Fields) => Answer;

/** A change that honours its key, and one that happens again each time it is asked for. */
const keyed: Act = (world, { key = '' }) => ({ done: once(world, key), told: '', body: { id: key } });
const repeated: Act = (world, { key = '' }) => {
  world.made.add(key);
  return { done: true, told: '', body: { id: key } };
};
const acts: Readonly<Record<string, Act>> = {
  '/look': (_world, { key = '' }) => ({ done: false, told: '', body: { id: key } }),
  '/put': keyed,
  '/post': repeated,
  '/post_checked': repeated,
  '/begin'(world, { key = '' }) {
    const done = once(world, key);
    if (done) world.jobs.set(key, Date.now() + JOB);
    return { done, told: '', body: { job: key } };
  },
  '/job'(world, { job = '' }) {
    const state = (world.jobs.get(job) ?? Number.POSITIVE_INFINITY) <= Date.now() ? 'done' : 'working';
    return { done: false, told: state, body: { job, state } };
  },
  '/hold'(world, { ip = '' }) {
    const before = isHeld(world, ip);
    world.held.add(ip);
    return { done: !before, told: before ? 'before' : '', body: { before } };
  },
  '/let_go'(world, { ip = '' }) {
    const done = isHeld(world, ip);
    world.held.delete(ip);
    return { done, told: '', body: {} };
  },
  '/held'(world, { ip = '' }) {
    const held = isHeld(world, ip);
    return { done: false, told: String(held), body: { held } };
  },
  '/made'(world, { key = '' }) {
    const made = world.made.has(key);
    return { done: false, told: String(made), body: made ? { made, id: key } : { made } };
  },
};

function isHeld({ held }: World, ip: string): boolean {
  return held.has(ip) || heldBefore(ip);
}

async function fieldsOf(request: IncomingMessage, url: URL): Promise<Fields> {
  if (request.method === 'GET') return Object.fromEntries(url.searchParams);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Fields;
}

function behaviourOf({ behave = 'ok' }: Fields, attempt: number): Behaviour {
  const wanted = behave.split(',');
  const one = wanted[Math.min(attempt, wanted.length) - 1] ?? 'ok';
  return BEHAVIOURS.has(one) ? (one as Behaviour) : 'ok';
}

/** What is not carried out: refused before anything happened. */
const REFUSALS: { readonly [Kind in Behaviour]?: number } = { fail: 503, limit: 429, refuse: 400 };

function respond(response: ServerResponse, behaviour: Behaviour, body: unknown): void {
  const refusal = REFUSALS[behaviour];
  if (behaviour === 'hang') return;
  if (behaviour === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const send = () => {
    response.writeHead(refusal ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(refusal ? { error: behaviour } : body));
  };
  if (behaviour === 'slow') setTimeout(send, SLOW);
  else send();
}

/**
 * The vendors, played by one process that outlives every crash: each call is in the log, on disk, before it is answered.
 * Listens on a free port of loopback.
 */
export function createOracle(log: DurableLog<OracleCall>): Server {
  const world: World = { seen: new Map(), made: new Set(), held: new Set(), jobs: new Map() };
  return createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://oracle');
    const fields = await fieldsOf(request, url);
    const act = acts[url.pathname];
    if (!act) {
      response.writeHead(404).end();
      return;
    }
    const { key = '', run = '', address = '', ip = '' } = fields;
    const counted = `${url.pathname} ${key}`;
    const attempt = (world.seen.get(counted) ?? 0) + 1;
    world.seen.set(counted, attempt);
    const behaviour = behaviourOf(fields, attempt);
    const { done, told, body } = REFUSALS[behaviour] ? { done: false, told: '', body: {} } : act(world, fields);
    const worker = String(request.headers['x-worker'] ?? '');
    const action = url.pathname.slice(1);
    await log.append({
      at: Date.now(),
      worker,
      action,
      run,
      address,
      attempt,
      key,
      behaviour,
      done,
      target: ip,
      told,
    });
    respond(response, behaviour, body);
  });
}

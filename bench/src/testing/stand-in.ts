import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { WORK_ANSWER } from '../unit-of-work.ts';

// Speaks as much of the product's HTTP API as the benchmarks use and keeps everything in memory, so that tests can see
// the measuring work, and fail, without the product. STAND_IN_FAULT=lose forgets an alert; =wrong gives wrong answers.
const fault = process.env.STAND_IN_FAULT ?? '';
const CODE = 'one-time';
const TOKEN = 'owner-token';
const SECRET = 'source-secret';

interface Source {
  readonly id: string;
  readonly normalizer: string;
  readonly counts: { received: number; created: number; merged: number; duplicate: number } & Record<string, number>;
  readonly records: Set<string>;
  readonly alerts: Map<string, { count: number }>;
}

const sources = new Map<string, Source>();

function keep(source: Source, body: string): void {
  const { counts, records, alerts } = source;
  counts.received += 1;
  if (fault === 'lose' && counts.received === 50) return;
  const item = JSON.parse(body);
  const record = JSON.stringify(item);
  const key = `${item.alert.signature_id} ${item.src_ip} ${item.dest_ip}`;
  const alert = alerts.get(key);
  if (records.has(record)) counts.duplicate += 1;
  else if (alert) {
    counts.merged += 1;
    alert.count += 1;
  } else {
    counts.created += 1;
    alerts.set(key, { count: 1 });
  }
  records.add(record);
}

function createSource(body: string) {
  const { id, normalizer } = JSON.parse(body);
  const counts = { received: 0, created: 0, merged: 0, duplicate: 0, suppressed: 0, refused: 0 };
  sources.set(id, { id, normalizer, counts, records: new Set(), alerts: new Map() });
  return { source: { id }, secret: SECRET, url: `/hooks/${id}` };
}

function listAlerts(query: URLSearchParams) {
  const all = [...(sources.get(query.get('source') ?? '')?.alerts.values() ?? [])];
  const from = Number(query.get('cursor') ?? 0);
  const to = from + Number(query.get('limit') ?? 50);
  return { items: all.slice(from, to), next: to < all.length ? String(to) : null };
}

function hook(id: string, authorization: string | undefined, body: string): [number, unknown] {
  const source = sources.get(id);
  if (!source || authorization !== `Bearer ${SECRET}`) return [401, {}];
  if (source.normalizer !== '') {
    keep(source, body);
    return [202, { status: 'accepted' }];
  }
  return [200, { outputs: { text: fault === 'wrong' ? 'something else' : WORK_ANSWER } }];
}

/** The settings of the product that it was started with. */
function settings() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('COUNTERPOINT_')));
}

function answer(request: IncomingMessage, body: string): [number, unknown] {
  const { method, headers } = request;
  const url = new URL(request.url ?? '/', 'http://localhost');
  const route = `${method} ${url.pathname}`;
  if (route === 'GET /readyz') return [200, {}];
  if (route === 'GET /settings') return [200, settings()];
  if (route === 'POST /api/v1/setup') return JSON.parse(body).code === CODE ? [201, { token: TOKEN }] : [401, {}];
  const hooked = /^POST \/hooks\/(\w+)$/.exec(route)?.[1];
  if (hooked !== undefined) return hook(hooked, headers.authorization, body);
  if (headers.authorization !== `Bearer ${TOKEN}`) return [401, {}];
  if (route === 'POST /api/v1/playbooks') return [201, {}];
  if (route === 'POST /api/v1/sources') return [201, createSource(body)];
  if (route === 'GET /api/v1/sources') return [200, { items: [...sources.values()] }];
  if (route === 'GET /api/v1/alerts') return [200, listAlerts(url.searchParams)];
  return [404, {}];
}

const server = createServer(async (request, response) => {
  const [status, value] = answer(request, await text(request));
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write('starting\n');
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}`, setupCode: CODE })}\n`);
});
process.on('SIGTERM', () => process.exit(0));

import { createHash } from 'node:crypto';
import {
  type ConnectorSimulator,
  createSimulator,
  type SimulatorAnswer,
  type SimulatorFactory,
  type SimulatorRequest,
} from '@counterpoint/connector-kit/simulator';
import { type Clock, type JsonObject, systemClock } from '@counterpoint/core';
import { behaviourOf, hashOf } from './simulated-sample.ts';

/** A task of the simulated sandbox. */
export interface SimulatedTask {
  readonly id: number;
  readonly name: string;
  readonly sha256: string;
  /** `pending`, `running` or `reported`. */
  readonly status: string;
}

/** A simulated Cuckoo 2 with one machine that works on one task after the other. */
export interface CuckooSimulator extends ConnectorSimulator {
  tasks(): readonly SimulatedTask[];
}

interface Task {
  readonly id: number;
  readonly name: string;
  readonly bytes: Buffer;
  /** Unix milliseconds: handed in, begun, reported. */
  readonly added: number;
  readonly begun: number;
  readonly reported: number;
}

const TOKEN = 'lab-cuckoo-token';
/** How long a task waits at least, and how long the machine takes for it, in milliseconds. */
const WAITS = 100;
const RUNS = 400;

function refusal(status: number, message: string): SimulatorAnswer {
  return { status, body: { message } };
}

function timeText(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}

function statusOf(task: Task, now: number): string {
  return now < task.begun ? 'pending' : now < task.reported ? 'running' : 'reported';
}

function sampleOf({ id, bytes }: Task): JsonObject {
  const hash = (algorithm: string) => createHash(algorithm).update(bytes).digest('hex');
  return {
    id,
    md5: hash('md5'),
    sha1: hash('sha1'),
    sha256: hash('sha256'),
    sha512: hash('sha512'),
    crc32: '00000000',
    ssdeep: null,
    file_size: bytes.length,
    file_type: bytes.subarray(0, 2).toString() === 'MZ' ? 'PE32 executable (GUI) Intel 80386, for MS Windows' : 'data',
  };
}

function taskView(task: Task, now: number): JsonObject {
  const status = statusOf(task, now);
  return {
    id: task.id,
    category: 'file',
    target: `/tmp/cuckoo-tmp/upload_${task.id}/${task.name}`,
    status,
    machine: status === 'pending' ? null : 'win7x64_1',
    package: null,
    options: {},
    priority: 1,
    timeout: 0,
    owner: null,
    custom: null,
    platform: null,
    memory: false,
    enforce_timeout: false,
    tags: [],
    errors: [],
    guest: {},
    sample_id: task.id,
    sample: sampleOf(task),
    added_on: timeText(task.added),
    started_on: status === 'pending' ? null : timeText(task.begun),
    completed_on: status === 'reported' ? timeText(task.reported) : null,
  };
}

function signaturesOf(score: number, drops: readonly string[]): JsonObject[] {
  const found = [
    { name: 'network_http', severity: 2, description: 'Performs some HTTP requests', from: 2 },
    {
      name: 'network_cnc_http',
      severity: 3,
      description: 'HTTP traffic resembles a command and control server',
      from: 7,
    },
    { name: 'dropper', severity: 2, description: `Drops ${drops.length} files and executes one of them`, from: 7 },
  ];
  return found.filter(({ from }) => score >= from).map(({ from: _from, ...signature }) => signature);
}

function report(task: Task): JsonObject {
  const { score, hosts, domains, urls, drops } = behaviourOf(task.bytes);
  const http = urls.map((uri) => {
    const { host, pathname, port } = new URL(uri);
    return { uri, host, path: pathname, port: Number(port) || 80, method: 'GET', version: '1.1', count: 1 };
  });
  return {
    info: { id: task.id, score, category: 'file', version: '2.0.7', machine: { name: 'win7x64_1' } },
    target: { category: 'file', file: { ...sampleOf(task), name: task.name } },
    network: { hosts, domains, http, dns: [], dead_hosts: [] } as unknown as JsonObject,
    dropped: drops.map((name) => ({ name, sha256: hashOf(`${name} of ${task.name}`), type: 'data', size: 4096 })),
    signatures: signaturesOf(score, drops),
  };
}

class Sandbox {
  private readonly all: Task[] = [];
  readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  tasks(): readonly SimulatedTask[] {
    return this.all.map((task) => ({
      id: task.id,
      name: task.name,
      sha256: hashOf(task.bytes),
      status: statusOf(task, this.clock.now()),
    }));
  }

  create({ body }: SimulatorRequest): SimulatorAnswer {
    const { file } = (body ?? {}) as { file?: { filename?: string; base64?: string } };
    // Flask answers a missing form field so.
    if (typeof file?.base64 !== 'string')
      return refusal(400, 'The browser (or proxy) sent a request that this server could not understand.');
    const added = this.clock.now();
    const begun = Math.max(added + WAITS, this.all.at(-1)?.reported ?? 0);
    const name = (file.filename ?? '').split(/[/\\]/).at(-1) || 'file';
    const id = this.all.length + 1;
    this.all.push({ id, name, bytes: Buffer.from(file.base64, 'base64'), added, begun, reported: begun + RUNS });
    return { body: { task_id: id } };
  }

  view({ params }: SimulatorRequest): SimulatorAnswer {
    const task = this.find(params.id);
    return task ? { body: { task: taskView(task, this.clock.now()) } } : refusal(404, 'Task not found');
  }

  report({ params }: SimulatorRequest): SimulatorAnswer {
    const task = this.find(params.id);
    const done = task && statusOf(task, this.clock.now()) === 'reported';
    return done ? { body: report(task) } : refusal(404, 'Report not found');
  }

  sample(matches: (sample: JsonObject) => boolean): SimulatorAnswer {
    const found = this.all.map(sampleOf).find(matches);
    return found ? { body: { sample: found } } : refusal(404, 'File not found');
  }

  status(): SimulatorAnswer {
    const count = (status: string) => this.tasks().filter((task) => task.status === status).length;
    const tasks = {
      total: this.all.length,
      pending: count('pending'),
      running: count('running'),
      completed: 0,
      reported: count('reported'),
    };
    return { body: { version: '2.0.7', hostname: 'cuckoo.lab', machines: { total: 1, available: 1 }, tasks } };
  }

  private find(id: string | undefined): Task | undefined {
    return this.all.find((task) => String(task.id) === id);
  }
}

/** Starts a simulated Cuckoo, whose analyses take half a second. */
export const simulate: SimulatorFactory<CuckooSimulator> = async ({ clock = systemClock, port = 0 } = {}) => {
  const sandbox = new Sandbox(clock);
  const server = await createSimulator({
    clock,
    port,
    authenticate: ({ headers }) =>
      headers.authorization === `Bearer ${TOKEN}`
        ? undefined
        : refusal(401, 'An Authorization Bearer token is required.'),
    unknown: { status: 404, headers: { 'content-type': 'text/html' }, text: '<title>404 Not Found</title>' },
    routes: {
      'POST /tasks/create/file': (request) => sandbox.create(request),
      'GET /tasks/view/:id': (request) => sandbox.view(request),
      'GET /tasks/report/:id': (request) => sandbox.report(request),
      'GET /files/view/sha256/:hash': ({ params }) => sandbox.sample(({ sha256 }) => sha256 === params.hash),
      'GET /files/view/md5/:hash': ({ params }) => sandbox.sample(({ md5 }) => md5 === params.hash),
      'GET /files/view/id/:id': ({ params }) => sandbox.sample(({ id }) => String(id) === params.id),
      'GET /cuckoo/status': () => sandbox.status(),
    },
  });
  return {
    server,
    tasks: () => sandbox.tasks(),
    config: { base_url: server.url },
    secrets: { api_token: TOKEN },
  };
};

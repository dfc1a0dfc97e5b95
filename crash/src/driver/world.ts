import { once } from 'node:events';
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, createClient } from '@counterpoint/sdk';
import type { Break, SubjectSetup } from '../subject/orders.ts';
import { kinds, outlasting, playbookOf, sourceOf, startedKinds } from '../workload/kinds.ts';
import { forkQuietly, type Starting, startSubject } from './subject-process.ts';

const ORACLE = join(import.meta.dirname, '../oracle/main.ts');
const CONTENT = join(import.meta.dirname, '../../../content');
const REACTIONS = join(import.meta.dirname, '../../reactions');

/** Where the data of a world lies. */
export interface WorldOptions {
  /** An empty folder. */
  readonly folder: string;
  readonly break: Break | undefined;
  /** `postgres://…`; undefined: SQLite in the folder. */
  readonly storeUrl?: string;
  readonly leaseMillis?: number;
  /** `nats://…`; undefined: the processes meet only in the store. */
  readonly busUrl?: string;
  /** Further settings of every server that is started once the installation is prepared. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** An oracle, a prepared installation, and the way to start servers on it. */
export interface World {
  readonly folder: string;
  readonly storeUrl: string | undefined;
  readonly break: Break | undefined;
  /** The journal of the oracle. */
  readonly callsFile: string;
  /** Who owned which run from when on, in lines. */
  readonly ownersFile: string;
  /** Data directory of SQLite. */
  readonly data: string;
  /** The owner's token. */
  readonly token: string;
  /** Tokens of the sources, by kind. */
  readonly hooks: ReadonlyMap<string, string>;
  /** How processes ended that nobody killed or stopped. */
  readonly failures: readonly string[];
  start(name?: string, settings?: Readonly<Record<string, string>>): Starting;
  client(url: string): Client;
  close(): void;
}

/** Starts an oracle, and prepares an installation in which every kind of step is published. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const { folder, storeUrl } = options;
  mkdirSync(folder, { recursive: true });
  const callsFile = join(folder, 'oracle.jsonl');
  const oracle = forkQuietly(ORACLE, [callsFile], folder, 'oracle');
  const [{ url: oracleUrl }] = (await once(oracle, 'message')) as [{ url: string }];
  const ownersFile = join(folder, 'owners.jsonl');
  const data = join(folder, 'data');
  const content = join(folder, 'content');
  cpSync(CONTENT, content, { recursive: true });
  cpSync(REACTIONS, join(content, 'reactions'), { recursive: true });
  const failures: string[] = [];
  let starts = 0;
  const start: World['start'] = (name = 'server', settings = {}) => {
    starts += 1;
    const setup: SubjectSetup = {
      worker: `${name}#${starts}`,
      ownersFile,
      settings: {
        data_dir: data,
        content_dir: content,
        'server.port': '0',
        'lab.enabled': 'false',
        'log.level': 'warn',
        ...(storeUrl === undefined ? {} : { 'store.url': storeUrl }),
        ...(options.busUrl === undefined ? {} : { 'bus.url': options.busUrl }),
        ...settings,
      },
      break: options.break,
      leaseMillis: options.leaseMillis,
      clockOffset: 0,
    };
    const starting = startSubject(setup, folder);
    void starting.failed.then((how) => how !== undefined && failures.push(how));
    return starting;
  };
  const prepared = await prepare(start(), oracleUrl);
  return {
    folder,
    storeUrl,
    break: options.break,
    callsFile,
    ownersFile,
    data,
    ...prepared,
    failures,
    start: (name, settings) => start(name, { ...options.settings, ...settings }),
    client: (url) => createClient({ url, token: prepared.token, timeout: 10_000 }),
    close: () => void oracle.kill('SIGKILL'),
  };
}

async function prepare(starting: Starting, oracle: string): Promise<Pick<World, 'token' | 'hooks'>> {
  const { url, setupCode } = await starting.ready;
  const { token } = await createClient({ url }).setup({ body: { code: setupCode ?? '', name: 'ada' } });
  const client = createClient({ url, token });
  await client.createConnection({
    body: { id: 'oracle', connector: 'oracle', title: 'Oracle', config: { url: oracle }, secrets: {}, network: 'lab' },
  });
  for (const kind of kinds.toSorted((one, other) => Number(other.by === 'runs') - Number(one.by === 'runs'))) {
    await client.publishPlaybook({ body: { source: sourceOf(kind) } });
  }
  const hooks = new Map<string, string>();
  for (const kind of [...startedKinds, outlasting]) {
    const normalizer = kind.by === 'alert' ? 'generic_json' : '';
    const id = playbookOf(kind);
    const { secret } = await client.createSource({ body: { id, title: kind.name, normalizer, auth: 'token' } });
    hooks.set(kind.name, secret);
  }
  starting.signal('SIGTERM');
  await starting.gone;
  return { token, hooks };
}

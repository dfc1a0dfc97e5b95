import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, createClient } from '@counterpoint/sdk';
import type { LoadTarget } from './load/job.ts';
import { jsonLineWith, startProgram } from './program.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Flags of Node that `npm start` gives to the major version that runs this. */
function nodeFlags(): readonly string[] {
  const byMajor = JSON.parse(readFileSync(join(ROOT, 'tools/node-flags.json'), 'utf8')) as Record<string, string[]>;
  return [...(byMajor.any ?? []), ...(byMajor[process.versions.node.split('.')[0] ?? ''] ?? [])];
}

/** The command that starts the product, as `npm start` does after its bootstrap. */
export const PRODUCT: readonly string[] = [...nodeFlags(), join(ROOT, 'apps/cli/src/main.ts'), 'start', '--json'];

/** Where `npm start` lets Node keep compiled code. */
const COMPILED = join(ROOT, 'node_modules/.cache/compile');

/** The product, running on data of its own. */
export interface Subject {
  readonly pid: number;
  readonly url: string;
  /** Milliseconds from starting the process to the first 200 of `/readyz`. */
  readonly ready_ms: number;
  /** Becomes the owner with the one-time code and gives a client that is signed in. Once for a data directory. */
  signIn(): Promise<Client>;
  stop(): Promise<void>;
}

/** Where and how the product is started. */
export interface SubjectOptions {
  readonly command: readonly string[];
  /** An existing directory; the data goes into one inside it, with its key file beside. */
  readonly directory: string;
  /** Where Node keeps compiled code; default: where `npm start` lets it. */
  readonly compile_cache?: string;
  /** Further settings. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What the product prints when it is ready. */
interface ReadyLine {
  readonly url: string;
  /** The one-time code of an installation that has no owner yet. */
  readonly setupCode: string | null;
}

/** Starts the product without the lab, on any free port of loopback. */
export async function startSubject(options: SubjectOptions): Promise<Subject> {
  const started = performance.now();
  const { pid, ready, stop } = await startProgram<ReadyLine>({
    args: options.command,
    cwd: options.directory,
    env: {
      COUNTERPOINT_DATA_DIR: join(options.directory, 'data'),
      COUNTERPOINT_SERVER__PORT: '0',
      COUNTERPOINT_LAB__ENABLED: 'false',
      COUNTERPOINT_LOG__LEVEL: 'warn',
      NODE_COMPILE_CACHE: options.compile_cache ?? COMPILED,
      ...options.env,
    },
    readReady: jsonLineWith<ReadyLine>('url'),
  });
  while (!(await fetch(new URL('/readyz', ready.url))).ok) await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    pid,
    url: ready.url,
    ready_ms: performance.now() - started,
    async signIn() {
      const { token } = await createClient({ url: ready.url }).setup({
        body: { code: ready.setupCode ?? '', name: 'bench' },
      });
      return createClient({ url: ready.url, token });
    },
    stop,
  };
}

/** Publishes a playbook and makes the source that its synchronous webhook trigger names. */
export async function playbookHook(subject: Subject, client: Client, source: string, playbook: string) {
  await client.publishPlaybook({ body: { source: playbook } });
  return hook(subject, client, source, '', [200]);
}

/** Makes a source whose deliveries become alerts. */
export function alertHook(subject: Subject, client: Client, source: string, normalizer: string) {
  return hook(subject, client, source, normalizer, [200, 202]);
}

async function hook(
  subject: Subject,
  client: Client,
  source: string,
  normalizer: string,
  statuses: readonly number[],
): Promise<LoadTarget> {
  const { secret } = await client.createSource({
    body: { id: source, title: `Benchmark ${source}`, normalizer, auth: 'token' },
  });
  return {
    url: new URL(`/hooks/${source}`, subject.url).href,
    headers: { authorization: `Bearer ${secret}` },
    expect: { statuses, contains: '' },
  };
}

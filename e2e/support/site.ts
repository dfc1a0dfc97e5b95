import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createServer, type Server } from 'node:tls';

const MAIN = join(import.meta.dirname, '../../apps/cli/src/main.ts');
const HERE = '10.231.77.1';
const THERE = '10.231.77.2';

/** Another place on the network: a namespace of its own, out of which connections lead here, and into which none do. */
export interface Site {
  /** The address that this machine has for the site. */
  readonly address: string;
  /** Whether `nft` there bans an address. */
  bans(ip: string): boolean;
  /** Whether anything there can be connected to from here. */
  isReachable(port: number): Promise<boolean>;
  link(state: 'up' | 'down'): void;
  /** Sends JSON to an address there, from there. */
  post(url: string, token: string, body: unknown): void;
  /** Starts an edge node there. */
  startEdge(folder: string, args: readonly string[]): Promise<EdgeProcess>;
  close(): void;
}

/** A running edge node in a process of its own. */
export interface EdgeProcess {
  readonly told: Readonly<Record<string, unknown>>;
  log(): string;
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

const run = (file: string, ...args: string[]): string => execFileSync(file, args, { encoding: 'utf8', stdio: 'pipe' });

/** Makes the site. Needs root. */
export function openSite(): Site {
  const namespace = `cpt-edge-${process.pid}`;
  const outside = `cpe${process.pid % 100_000}`;
  const inside = `${outside}x`;
  const there = (...args: string[]) => run('ip', 'netns', 'exec', namespace, ...args);
  const children = new Set<ChildProcess>();
  run('ip', 'netns', 'add', namespace);
  run('ip', 'link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', namespace);
  run('ip', 'addr', 'add', `${HERE}/30`, 'dev', outside);
  run('ip', 'link', 'set', outside, 'up');
  there('ip', 'addr', 'add', `${THERE}/30`, 'dev', inside);
  there('ip', 'link', 'set', inside, 'up');
  there('ip', 'link', 'set', 'lo', 'up');
  // Whoever wants to connect from outside gets no answer, not even that there is nobody.
  there('nft', 'add', 'table', 'inet', 'outward');
  there('nft', 'add', 'chain', 'inet', 'outward', 'in', '{ type filter hook input priority 0 ; policy accept ; }');
  there(
    'nft',
    'add',
    'rule',
    'inet',
    'outward',
    'in',
    'iifname',
    inside,
    'tcp',
    'flags',
    '&',
    '(syn|ack)',
    '==',
    'syn',
    'drop',
  );

  return {
    address: HERE,
    bans: (ip) => there('nft', 'list', 'ruleset').includes(ip),
    isReachable: (port) => canConnect(THERE, port),
    link: (state) => void run('ip', 'link', 'set', outside, state),
    post(url, token, body) {
      const script = `
        const [url, token, body] = process.argv.slice(1);
        const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' };
        fetch(url, { method: 'POST', headers, body }).then((answer) => process.exit(answer.ok ? 0 : 1));`;
      there(process.execPath, '-e', script, url, token, JSON.stringify(body));
    },
    startEdge: (folder, args) => startEdge(namespace, folder, args, children),
    close() {
      for (const child of children) child.kill('SIGKILL');
      run('ip', 'netns', 'del', namespace);
    },
  };
}

function canConnect(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: 1_500 });
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('timeout', () => resolve(false));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

async function startEdge(
  namespace: string,
  folder: string,
  args: readonly string[],
  children: Set<ChildProcess>,
): Promise<EdgeProcess> {
  const start = [MAIN, 'start', '--role', 'edge', '--json', '--port', '0', '--data-dir', 'edge', ...args];
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, ...start], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1' },
    stdio: 'pipe',
  });
  children.add(child);
  let log = '';
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const gone = new Promise<number | null>((resolve) => child.once('close', resolve));
  const told = await new Promise<Record<string, unknown>>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (text) => resolve(JSON.parse(text)));
    gone.then((code) => reject(new Error(`it ended with ${code}: ${log}`)));
  });
  return {
    told,
    log: () => log,
    kill(signal) {
      child.kill(signal);
      return gone;
    },
  };
}

/** The TLS in front of a centre, with a certificate that only `--ca` makes believable. */
export interface Front {
  readonly url: string;
  /** Path of its certificate. */
  readonly ca: string;
  /** Everything that came through it from the site, as long as it was TLS. */
  close(): void;
}

/** Opens it. `target` is where the centre listens on loopback. */
export async function openFront(folder: string, address: string, target: () => number): Promise<Front> {
  const [key, ca] = [join(folder, 'front.key'), join(folder, 'front.pem')];
  const subject = ['-subj', '/CN=centre', '-addext', `subjectAltName=IP:${address}`];
  run('openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', ca, ...subject);
  const open = new Set<Socket>();
  const tls: Server = createServer({ key: readFileSync(key), cert: readFileSync(ca) }, (from) => {
    const to = connect(target(), '127.0.0.1');
    for (const socket of [from, to]) {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      socket.on('error', () => {
        from.destroy();
        to.destroy();
      });
    }
    from.pipe(to).pipe(from);
  });
  tls.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => tls.listen(0, address, resolve));
  const { port } = tls.address() as { readonly port: number };
  return {
    ca,
    url: `https://${address}:${port}`,
    close() {
      tls.close();
      for (const socket of open) socket.destroy();
    },
  };
}

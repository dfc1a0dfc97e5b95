import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { freePort } from './free-port.ts';

/** A PostgreSQL server of its own, on loopback, with an empty database. */
export interface PostgresServer {
  /** `postgres://…`, as its superuser. */
  readonly url: string;
  /** Ends the server at once, as a crash does, and starts it again on the same data and port. */
  crashAndRestart(): void;
  /** Stops it and removes its data. */
  stop(): void;
}

const USER = 'postgres';
const DEBIAN = '/usr/lib/postgresql';

/** The folder of PostgreSQL's binaries: from PATH (followed through links), or the newest of Debian's. */
function binaries(): string {
  const onPath = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, 'initdb'));
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...onPath.filter((file) => existsSync(file)).map((file) => dirname(realpathSync(file))),
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
  ];
  const found = folders.find((folder) => existsSync(join(folder, 'pg_ctl')));
  if (!found) throw new Error(`PostgreSQL is not installed: initdb is neither on PATH nor in ${DEBIAN}`);
  return found;
}

/** Runs a program of PostgreSQL, which refuses to be root, as the user that it has for itself. */
function run(program: string, args: readonly string[]): void {
  const root = process.getuid?.() === 0;
  const command = root ? 'runuser' : program;
  execFileSync(command, root ? ['-u', USER, '--', program, ...args] : args, { cwd: '/', stdio: 'ignore' });
}

/** Starts a scratch PostgreSQL server with its defaults (so `fsync` on), from an `initdb` of its own. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = binaries();
  const home = mkdtempSync(join(tmpdir(), 'counterpoint-postgres-'));
  if (process.getuid?.() === 0) execFileSync('chown', [USER, home]);
  const data = join(home, 'data');
  run(join(bin, 'initdb'), ['-D', data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '-N']);
  const port = await freePort();
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${home}`;
  const control = (...args: readonly string[]) => run(join(bin, 'pg_ctl'), ['-D', data, '-w', '-s', ...args]);
  const start = () => control('-l', join(home, 'log'), '-o', settings, 'start');
  start();
  return {
    url: `postgres://${USER}@127.0.0.1:${port}/postgres`,
    crashAndRestart() {
      control('-m', 'immediate', 'stop');
      start();
    },
    stop() {
      control('-m', 'immediate', 'stop');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

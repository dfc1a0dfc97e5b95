import { eventErrors } from '@counterpoint/events';
import { connect, type NatsConnection, type TlsOptions } from '@nats-io/transport-node';

/** Where NATS is, and under which name this installation uses it. */
export interface NatsSettings {
  /**
   * `nats://[user:password@|token@]host[:4222]`, or `tls://…` for TLS; several servers of one cluster with commas between
   * them. A private CA and a client certificate are files: `?ca=…&cert=…&key=…`.
   */
  readonly url: string;
  /** First word of every subject, letters, digits, `_` and `-`; default `counterpoint`. Two installations must differ. */
  readonly prefix?: string;
  /** How this process is called in the server's lists. */
  readonly name?: string;
}

/** A connection to NATS that comes back by itself, for ever. */
export interface NatsLink {
  readonly connection: NatsConnection;
  readonly prefix: string;
  /** Whether the server answers now. */
  up(): boolean;
  /** Sends what is still to be sent, and ends it. */
  close(): Promise<void>;
}

type Credentials = { readonly user: string; readonly pass: string } | { readonly token: string };

/** What the client needs to know of a URL. */
export interface NatsTarget {
  readonly servers: readonly string[];
  readonly credentials?: Credentials;
  readonly tls?: TlsOptions;
}

/** Milliseconds that the first connection may take. */
const FIRST = 10_000;

/** Milliseconds between attempts to reach a server that is away. */
const AGAIN = 500;

const PORT = '4222';

/** Reads a setting such as `nats://a.example,nats://b.example`. @throws events.log_unavailable when it is no such URL */
export function parseNatsUrl(text: string): NatsTarget {
  const urls = text.split(',').map((part) => {
    const url = URL.parse(part.trim());
    if (!url?.hostname || !['nats:', 'tls:'].includes(url.protocol)) {
      throw eventErrors.log_unavailable({ reason: 'bus.url is not of the form nats://host:port' });
    }
    return url;
  });
  const { username, password } = urls.find((url) => url.username !== '') ?? { username: '', password: '' };
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  const files = new URLSearchParams(urls.map((url) => url.search.slice(1)).join('&'));
  const named = { caFile: files.get('ca'), certFile: files.get('cert'), keyFile: files.get('key') };
  const given = Object.fromEntries(Object.entries(named).filter(([, file]) => file !== null)) as TlsOptions;
  const secure = urls.some(({ protocol }) => protocol === 'tls:') || Object.keys(given).length > 0;
  return {
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || PORT}`),
    ...(user === '' ? {} : { credentials: pass === '' ? { token: user } : { user, pass } }),
    ...(secure ? { tls: given } : {}),
  };
}

/** Connects, trying for ten seconds. @throws events.log_unavailable */
export async function connectNats({ url, prefix = 'counterpoint', name }: NatsSettings): Promise<NatsLink> {
  const { servers, credentials, tls } = parseNatsUrl(url);
  const dial = () =>
    connect({
      servers: [...servers],
      ...credentials,
      ...(tls ? { tls } : {}),
      ...(name === undefined ? {} : { name }),
      reconnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: AGAIN,
      ignoreAuthErrorAbort: true,
      pingInterval: 5_000,
      timeout: FIRST,
    });
  const connection = await firstOf(dial);
  let up = true;
  void follow(connection, (now) => {
    up = now;
  });
  return {
    connection,
    prefix,
    up: () => up && !connection.isClosed(),
    async close() {
      if (connection.isClosed()) return;
      if (up) await connection.flush().catch(() => undefined);
      await connection.close();
    },
  };
}

async function firstOf(dial: () => Promise<NatsConnection>): Promise<NatsConnection> {
  for (const end = performance.now() + FIRST; ; ) {
    try {
      return await dial();
    } catch (cause) {
      if (performance.now() + AGAIN > end) {
        throw eventErrors.log_unavailable({ reason: `no connection: ${(cause as Error).message}` }, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}

async function follow(connection: NatsConnection, tell: (up: boolean) => void): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === 'disconnect') tell(false);
    if (type === 'reconnect') tell(true);
  }
}

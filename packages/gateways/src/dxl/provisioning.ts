import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { CounterpointError } from '@counterpoint/core';
import type { Actor } from '@counterpoint/fabric';
import { errors } from '../errors.ts';
import type { BrokerFacts } from './broker-services.ts';
import type { Enrolment } from './enrol.ts';

/** What the provisioning door is made of. */
export interface ProvisioningOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsOptions;
  readonly enrolment: Enrolment;
  /** Certificate of the authority, PEM. */
  readonly authority: string;
  readonly facts: () => BrokerFacts;
  /**
   * Who asks, by the password of HTTP Basic authentication, and whether they may: `enrol` lets somebody in, `read` only
   * tells where the broker is.
   *
   * @throws CounterpointError with status 401 or 403
   */
  readonly authorise: (password: string, what: 'enrol' | 'read') => Promise<Actor>;
  readonly onTrouble: (error: Error) => void;
}

/** The door that OpenDXL clients provision themselves at. */
export interface Provisioning {
  readonly port: number;
  /** Uses another key and certificate for connections from now on. */
  secure(tls: TlsOptions): void;
  close(): Promise<void>;
}

const ENROL = '/remote/DxlBrokerMgmt.generateOpenDXLClientProvisioningPackageCmd';
const BUNDLE = '/remote/DxlClientMgmt.createClientCaBundle';
const BROKERS = '/remote/DxlClientMgmt.getBrokerList';
const HEADER_BYTES = 65_536;

/**
 * Opens the HTTPS door that the clients' own `provisionconfig` and `updateconfig` speak with: `GET /remote/…`, Basic
 * authentication, and a body `OK:` with a JSON string.
 *
 * @throws gateway.port_taken
 */
export async function openProvisioning(options: ProvisioningOptions): Promise<Provisioning> {
  const { host, port, tls, onTrouble } = options;
  const { key, cert, minVersion, ciphers } = tls;
  const door: TlsOptions = { key, cert, ...(minVersion ? { minVersion } : {}), ...(ciphers ? { ciphers } : {}) };
  const server = createServer({ ...door, maxHeaderSize: HEADER_BYTES, requestTimeout: 30_000 }, (request, response) => {
    answer(options, request, response).catch((error: Error) => {
      if (!(error instanceof CounterpointError)) onTrouble(error);
      fail(response, error);
    });
  });
  server.on('tlsClientError', () => {});
  await bind(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    secure: ({ key: newKey, cert: newCert }) => server.setSecureContext({ key: newKey, cert: newCert }),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(options: ProvisioningOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://provisioning');
  const password = passwordOf(request.headers.authorization);
  const { enrolment, authority, facts, authorise } = options;
  if (request.method !== 'GET') {
    response.writeHead(405, { allow: 'GET' }).end();
  } else if (url.pathname === ENROL) {
    const by = await authorise(password, 'enrol');
    const { certificate } = await enrolment.enrol(url.searchParams.get('csrString') ?? '', by);
    const { brokers, webSocketBrokers } = lines(facts());
    say(response, [authority, certificate.pem, brokers, webSocketBrokers].join(','));
  } else if (url.pathname === BUNDLE) {
    await authorise(password, 'read');
    say(response, authority);
  } else if (url.pathname === BROKERS) {
    await authorise(password, 'read');
    say(response, JSON.stringify(brokerList(facts())));
  } else {
    response
      .writeHead(404, 'Not Found', { 'content-type': 'text/plain' })
      .end('Error 404 :\r\nThere is no such command');
  }
}

function passwordOf(header: string | undefined): string {
  const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(header ?? '') ?? [];
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return text.slice(text.indexOf(':') + 1);
}

function say(response: ServerResponse, value: string): void {
  response
    .writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' })
    .end(`OK:\r\n${JSON.stringify(value)}`);
}

/** The clients show only status and reason phrase, so the reason is in both places. */
function fail(response: ServerResponse, error: Error): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const expected = error instanceof CounterpointError;
  const status = expected ? error.status : 500;
  const reason = expected ? error.message : 'Something went wrong on the server';
  const phrase = reason.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
  const headers = status === 401 ? { 'www-authenticate': 'Basic realm="counterpoint"' } : {};
  response.writeHead(status, phrase, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(`Error ${status} :\r\n${reason}`);
}

/** The brokers as lines of a client's configuration: `guid=guid;port;host;address`. */
export function lines({ brokerId, port, webSocketPort, hosts }: BrokerFacts) {
  const line = (at: number) => `${brokerId}=${[brokerId, at, hosts[0], hosts[1] ?? hosts[0]].join(';')}\n`;
  return { brokers: line(port), webSocketBrokers: line(webSocketPort) };
}

function brokerList({ brokerId, port, webSocketPort, hosts }: BrokerFacts) {
  const broker = (at: number) => ({
    guid: brokerId,
    hostName: hosts[0],
    ipAddress: hosts[1] ?? hosts[0],
    port: at,
  });
  return { brokers: [broker(port)], webSocketBrokers: [broker(webSocketPort)], certVersion: 0 };
}

async function bind(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? errors.port_taken({ host, port }, { cause }) : cause);
    });
    server.listen(port, host, resolve);
  });
}

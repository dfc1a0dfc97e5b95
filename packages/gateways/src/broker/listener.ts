import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, TLSSocket, type TlsOptions, Server as TlsServer } from 'node:tls';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import { errors } from '../errors.ts';
import type { PresentedCertificate } from './connection.ts';

/** Where and how clients connect. */
export interface ListenerOptions {
  readonly transport: 'mqtt' | 'websocket';
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Server key, certificate, CA, ciphers; undefined: without TLS. */
  readonly tls?: TlsOptions;
}

/** A connection that was opened, before anything was said on it. */
export interface Opened {
  readonly stream: Duplex;
  readonly transport: 'mqtt' | 'websocket';
  readonly address: string;
  readonly certificate: PresentedCertificate | undefined;
  /** Bytes that wait below the stream. */
  below(): number;
}

/** A door that is open. */
export interface Listener {
  readonly transport: 'mqtt' | 'websocket';
  readonly port: number;
  /** Uses another key and certificate for connections from now on. */
  secure(tls: TlsOptions): void;
  close(): Promise<void>;
}

/** What a listener tells its broker. */
export interface ListenerEvents {
  opened(opened: Opened): void;
  /** A handshake that failed, before there was a connection. */
  failed(address: string, reason: string): void;
}

const HANDSHAKE_TIMEOUT = 10_000;
const TCP_KEEP_ALIVE = 60_000;
const WEB_SOCKET_PROTOCOLS = ['mqtt', 'mqttv3.1'];

/** Opens a listener. @throws gateway.port_taken */
export async function listen(options: ListenerOptions, packetBytes: number, events: ListenerEvents): Promise<Listener> {
  const { transport } = options;
  const server = transport === 'mqtt' ? streamServer(options, events) : webSocketServer(options, packetBytes, events);
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    events.failed(socket.remoteAddress ?? '', reasonOf(error));
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await bind(server, options);
  return {
    transport,
    port: (server.address() as AddressInfo).port,
    secure: (tls) => {
      if (server instanceof TlsServer) server.setSecureContext(tls);
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function streamServer({ tls }: ListenerOptions, events: ListenerEvents): Server {
  const opened = (stream: Socket) => {
    stream.setKeepAlive(true, TCP_KEEP_ALIVE);
    stream.setNoDelay(true);
    const certificate = certificateOf(stream);
    events.opened({
      stream,
      transport: 'mqtt',
      address: stream.remoteAddress ?? '',
      certificate,
      below: () => 0,
    });
  };
  if (!tls) return createTcpServer(opened);
  return createTlsServer({ handshakeTimeout: HANDSHAKE_TIMEOUT, ...tls }, opened);
}

function webSocketServer({ tls }: ListenerOptions, packetBytes: number, events: ListenerEvents): Server {
  const http = tls ? createHttpsServer({ handshakeTimeout: HANDSHAKE_TIMEOUT, ...tls }) : createHttpServer();
  http.on('request', (_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end();
  });
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: packetBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => WEB_SOCKET_PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });
  // Trouble of the server itself is told by `bind`; without a listener it would end the process.
  sockets.on('error', () => {});
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const stream = createWebSocketStream(socket);
    const certificate = certificateOf(request.socket);
    events.opened({
      stream,
      transport: 'websocket',
      address: request.socket.remoteAddress ?? '',
      certificate,
      below: () => socket.bufferedAmount,
    });
  });
  return http;
}

function certificateOf(socket: Socket): PresentedCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  const peer = socket.getPeerX509Certificate();
  if (!peer) return undefined;
  return {
    thumbprint: peer.fingerprint.replaceAll(':', '').toLowerCase(),
    raw: peer.raw,
    subject: peer.subject,
    fault: socket.authorized ? undefined : String(socket.authorizationError),
  };
}

async function bind(server: Server, { host, port }: ListenerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? errors.port_taken({ host, port }, { cause }) : cause);
    });
    server.listen(port, host, resolve);
  });
}

function reasonOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

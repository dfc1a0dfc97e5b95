import type { Dispatcher } from 'undici';

/** One HTTP request and its answer, without redirects. */
export interface Exchange {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What {@link exchange} sends. */
export interface ExchangeOptions {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
  readonly signal: AbortSignal;
  /** Asked right before the request is written; false: it ends with `GIVEN_UP`. Default: it may. */
  readonly mayLeave?: (() => boolean) | undefined;
  /** The largest body that is read. */
  readonly maxBytes: number;
}

/** Why an {@link exchange} ended without an answer. */
export class ExchangeFailure extends Error {
  /** Whether any of the request may have left this machine. */
  readonly sent: boolean;
  /** A system or undici code, `ABORTED`, `GIVEN_UP` or `TOO_LARGE`. */
  readonly code: string;

  constructor(code: string, sent: boolean) {
    super(code);
    this.code = code;
    this.sent = sent;
  }
}

function flattenHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

function codeOf(error: unknown): string {
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error;
  const code = (inner as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code) ? code : 'FAILED';
}

class Collector implements Dispatcher.DispatchHandler {
  sent = false;
  /** Set when we end it ourselves. */
  ending: string | undefined;
  controller: Dispatcher.DispatchController | undefined;
  private status = 0;
  private headers: Record<string, string> = {};
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private readonly maxBytes: number;
  private readonly mayLeave: () => boolean;
  private readonly done: (result: Exchange | ExchangeFailure) => void;

  constructor(
    { maxBytes, mayLeave = () => true }: Pick<ExchangeOptions, 'maxBytes' | 'mayLeave'>,
    done: (result: Exchange | ExchangeFailure) => void,
  ) {
    this.maxBytes = maxBytes;
    this.mayLeave = mayLeave;
    this.done = done;
  }

  /** Ends the exchange now. */
  end(code: string): void {
    this.ending ??= code;
    this.controller?.abort(new Error(code));
    this.done(new ExchangeFailure(this.ending, this.sent));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (!this.ending && !this.mayLeave()) this.end('GIVEN_UP');
    else if (this.ending) controller.abort(new Error(this.ending));
    else this.sent = true;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.status = status;
    this.headers = flattenHeaders(headers);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size > this.maxBytes) this.end('TOO_LARGE');
    else this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.done({ status: this.status, headers: this.headers, body: Buffer.concat(this.chunks) });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.done(new ExchangeFailure(this.ending ?? codeOf(error), this.sent));
  }
}

/**
 * Sends one request and reads the answer whole, bounded in size and by the signal.
 *
 * @throws ExchangeFailure, which says whether the request may have been sent.
 */
export function exchange(dispatcher: Dispatcher, options: ExchangeOptions): Promise<Exchange> {
  const { url, method, headers, body, signal } = options;
  return new Promise((resolve, reject) => {
    const collector = new Collector(options, (result) => {
      signal.removeEventListener('abort', onAbort);
      if (result instanceof ExchangeFailure) reject(result);
      else resolve(result);
    });
    const onAbort = () => collector.end('ABORTED');
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: method as Dispatcher.HttpMethod,
        headers,
        body: body ?? null,
        // The signal bounds the whole exchange, so undici's own timers only cost.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      collector,
    );
  });
}

import { defaultLimits, isCounterpointError, type Json, type JsonObject } from '@counterpoint/core';
import { compileTemplate } from '@counterpoint/expressions';
import {
  type Answer,
  type Complainer,
  compileComplainer,
  complaintOfStatus,
  readAnswer,
  retryAfterOf,
} from './answer.ts';
import type { ActionCall, ActionHandler, EgressRequest } from './connector.ts';
import { type ConnectorError, isConnectorError, type Performed } from './errors.ts';
import type { ActionManifest, ActionReference, ConnectorErrorName, ConnectorManifest } from './manifest.ts';
import { compilePager, type Pager } from './paging.ts';
import { compileRequest, type RequestBuilder, scopeOf } from './request-template.ts';
import { vendorError } from './vendor-error.ts';

type Scope = Readonly<Record<string, unknown>>;

interface Compiled {
  readonly title: string;
  readonly request: RequestBuilder;
  readonly complainers: readonly Complainer[];
  readonly accept: ReadonlySet<number>;
  readonly pager: Pager | undefined;
  readonly result: { evaluate(scope: Scope): unknown } | undefined;
  readonly before: ((call: ActionCall) => Promise<Json>) | undefined;
}

function compileAction(manifest: ConnectorManifest, action: ActionManifest): Compiled {
  if (!action.request) throw new RangeError('a declarative action needs a request');
  return {
    title: manifest.title,
    request: compileRequest(manifest, action.request),
    complainers: [...(action.errors ?? []), ...(manifest.errors ?? [])].map(compileComplainer),
    accept: new Set(action.accept),
    pager: action.paging && compilePager(action.paging),
    result: action.result === undefined ? undefined : compileTemplate(action.result),
    before: action.before && compileBefore(manifest, action.before),
  };
}

function compileBefore(manifest: ConnectorManifest, { action: name, with: template }: ActionReference) {
  const action = manifest.actions[name];
  if (!action) throw new RangeError(`there is no action ${name}`);
  const handler = createDeclarativeHandler(manifest, action);
  const input = compileTemplate(template);
  return async (call: ActionCall): Promise<Json> => {
    try {
      return await handler({ ...call, input: input.evaluate({ input: call.input }) as JsonObject });
    } catch (cause) {
      // Whatever happened to the question, the action itself has not begun.
      if (isConnectorError(cause)) throw cause.beforeSending();
      throw cause;
    }
  };
}

function failure(
  compiled: Compiled,
  call: ActionCall,
  error: ConnectorErrorName,
  reason: string,
  performed: Performed,
): ConnectorError {
  return vendorError(compiled.title, call, { error, reason, performed });
}

/** Runs an evaluation; what it throws because of the data becomes the given error, a defect stays what it is. */
function evaluating<T>(evaluate: () => T, explain: (reason: string) => ConnectorError): T {
  try {
    return evaluate();
  } catch (cause) {
    if (cause instanceof RangeError || isCounterpointError(cause)) throw explain(cause.message.replace(/\.$/, ''));
    throw cause;
  }
}

/** Sends one request and gives the answer when it is a success; else throws what the answer means. */
async function ask(compiled: Compiled, call: ActionCall, request: Omit<EgressRequest, 'signal'>): Promise<Answer> {
  const response = await call.http.request({ ...request, signal: call.signal });
  const answer = readAnswer(response);
  const complaint =
    compiled.complainers.map((complain) => complain(answer)).find((found) => found !== undefined) ??
    (compiled.accept.has(answer.status) ? undefined : complaintOfStatus(answer));
  if (complaint) {
    throw vendorError(compiled.title, call, complaint, retryAfterOf(answer.headers, call.clock.now()));
  }
  if (!answer.readable) {
    throw failure(compiled, call, 'bad_response', `HTTP ${answer.status}, but the body is not JSON`, 'maybe');
  }
  return answer;
}

async function askAllPages(
  compiled: Compiled,
  call: ActionCall,
  build: (extra: Readonly<Record<string, string>>) => Omit<EgressRequest, 'signal'>,
): Promise<{ answer: Answer; items: readonly Json[] }> {
  const { pager } = compiled;
  if (!pager) return { answer: await ask(compiled, call, build({})), items: [] };
  const items: Json[] = [];
  let bytes = 0;
  let extra: Readonly<Record<string, string>> | undefined = pager.first;
  for (let page = 1; ; page++) {
    const answer: Answer = await ask(compiled, call, build(extra));
    const unreadable = (reason: string) => failure(compiled, call, 'bad_response', reason, 'maybe');
    bytes += answer.bytes;
    if (bytes > defaultLimits.outputBytes)
      throw unreadable(`its pages are larger than ${defaultLimits.outputBytes} bytes`);
    const found = evaluating(() => pager.items(answer), unreadable);
    items.push(...found);
    extra = evaluating(() => pager.next(answer, found, page), unreadable);
    if (extra === undefined || page >= pager.maxPages) return { answer, items };
  }
}

/** Makes the handler of a declarative action. Its templates are compiled with the first call. */
export function createDeclarativeHandler(manifest: ConnectorManifest, action: ActionManifest): ActionHandler {
  let cached: Compiled | undefined;
  return async (call) => {
    cached ??= compileAction(manifest, action);
    const compiled = cached;
    const scope = scopeOf(call);
    const build = (extra: Readonly<Record<string, string>>) =>
      evaluating(
        () => compiled.request(scope, extra),
        (reason) => failure(compiled, call, 'invalid_request', reason, 'no'),
      );
    const before = compiled.before && (await compiled.before(call));
    const { answer, items } = await askAllPages(compiled, call, build);
    const { result } = compiled;
    if (!result) return action.paging ? items : answer.body;
    const { status, headers, body } = answer;
    return evaluating(
      () =>
        result.evaluate({
          input: call.input,
          config: call.connection.config,
          status,
          headers,
          body,
          items,
          before: before ?? null,
        }) as Json,
      (reason) => failure(compiled, call, 'bad_response', `its answer lacks what was expected: ${reason}`, 'maybe'),
    );
  };
}

import { type Json, type JsonObject, nearest } from '@counterpoint/core';
import { compileExpression } from '@counterpoint/expressions';
import type { ActionCall, ActionHandler, Connector } from './connector.ts';
import { createDeclarativeHandler } from './declarative.ts';
import { ConnectorError, errors } from './errors.ts';
import type { ActionManifest, ConnectorManifest } from './manifest.ts';
import { createRateLimiter, limitEgress, type RateLimiter } from './rate-limit.ts';
import { compileBaseUrl } from './request-template.ts';
import { checkValue } from './schema.ts';

/** What a connector is made of. */
export interface ConnectorDefinition {
  /** Loaded with `loadManifest`, or one that was when it was generated. */
  readonly manifest: ConnectorManifest;
  /** The code actions, by name; every action without `request` needs one, and no other may have one. */
  readonly handlers?: Readonly<Record<string, ActionHandler>>;
}

function handlerOf(
  { manifest, handlers = {} }: ConnectorDefinition,
  name: string,
  action: ActionManifest,
): ActionHandler {
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  const fail = (reason: string) => errors.manifest_invalid({ connector: manifest.id, reason });
  if (handler && action.request) throw fail(`the action ${name} has both a request and a handler`);
  if (handler) return handler;
  if (!action.request) throw fail(`the action ${name} has neither a request nor a handler`);
  return createDeclarativeHandler(manifest, action);
}

async function performChecked(
  manifest: ConnectorManifest,
  action: ActionManifest,
  handler: ActionHandler,
  call: ActionCall,
): Promise<Json> {
  const output = await handler(call);
  // An asynchronous action's output is made of its poll's output, by whoever polls.
  const problem = action.completion ? undefined : checkValue(action.output, output);
  if (problem === undefined) return output;
  const reason = `its answer does not have the expected form: ${problem}`;
  throw new ConnectorError('bad_response', { connector: manifest.title, reason }, { performed: 'maybe' });
}

function withTurns(limiter: RateLimiter | undefined, call: ActionCall): ActionCall {
  if (!limiter) return call;
  const turn = () => limiter.take(call.connection.id, call.clock, call.signal);
  return { ...call, http: limitEgress(call.http, turn) };
}

/**
 * Makes a connector of its manifest and code actions. Requests are held to the manifest's rate limit, for each
 * connection; outputs are checked against the action's output schema.
 *
 * @throws connector.manifest_invalid when actions and handlers do not match.
 */
export function defineConnector(definition: ConnectorDefinition): Connector {
  const { manifest, handlers = {} } = definition;
  for (const name of Object.keys(handlers)) {
    if (Object.hasOwn(manifest.actions, name)) continue;
    throw errors.manifest_invalid({ connector: manifest.id, reason: `the handler ${name} belongs to no action` });
  }
  const table = new Map(
    Object.entries(manifest.actions).map(([name, action]) => [
      name,
      { action, handler: handlerOf(definition, name, action) },
    ]),
  );
  const limiter = manifest.rate_limit && createRateLimiter(manifest.title, manifest.rate_limit);
  return {
    manifest,
    async perform(name, call) {
      const entry = table.get(name);
      if (!entry) {
        const near = nearest(name, table.keys());
        const suggestion = near === undefined ? '' : `; did you mean ${near}?`;
        throw errors.unknown_action({ connector: manifest.title, action: name, suggestion });
      }
      return performChecked(manifest, entry.action, entry.handler, withTurns(limiter, call));
    },
  };
}

/**
 * The hosts that a connection with this configuration may reach: the manifest's `allowed_hosts`, else the host (with
 * its port, when it is not the standard one) of the base URL; none when the connector has no base URL.
 *
 * @throws connector.manifest_invalid when the configuration gives no readable address.
 */
export function allowedHostsOf(manifest: ConnectorManifest, config: JsonObject): readonly string[] {
  try {
    if (manifest.allowed_hosts !== undefined) {
      const hosts: unknown = compileExpression(manifest.allowed_hosts).evaluate({ config });
      if (!Array.isArray(hosts)) throw new RangeError('allowed_hosts must give a list');
      return hosts.map(String);
    }
    return manifest.base_url === undefined ? [] : [new URL(compileBaseUrl(manifest)(config)).host];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
    throw errors.manifest_invalid({ connector: manifest.id, reason });
  }
}

/**
 * Where the requests of a connection with this configuration begin; undefined when the connector has no such address.
 *
 * @throws RangeError when the configuration gives none that can be read; what evaluating an expression throws
 */
export function baseUrlOf(manifest: ConnectorManifest, config: JsonObject): string | undefined {
  return manifest.base_url === undefined ? undefined : compileBaseUrl(manifest)(config);
}

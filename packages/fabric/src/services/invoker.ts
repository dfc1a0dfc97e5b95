import { type ActionOutcome, actionsErrors, type Door, type DoorContext } from '@counterpoint/actions';
import { type Clock, CounterpointError, type Json, type JsonObject, newTraceId, stableId } from '@counterpoint/core';
import type { Causality, Store } from '@counterpoint/events';
import { errors } from '../errors.ts';
import type { Participants } from '../participants/participant.ts';
import { mayInvoke } from '../participants/rights.ts';
import { causedBy } from '../publishing/create-publisher.ts';
import type { Refusals } from '../publishing/refusals.ts';
import type { ServiceRegistry } from './create-services.ts';
import type { Asker, Services, ServiceWish } from './service.ts';

/** What those who ask for services by name need. */
export interface InvokerOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly participants: Participants;
  readonly registry: ServiceRegistry;
  readonly refusals: Refusals;
  readonly door: Door;
  readonly context: Pick<DoorContext, 'connectors' | 'builtins'>;
  /** Finds who provides a capability, those at the asker's site first. */
  readonly bind: (capability: string, site: string) => Bound | undefined;
}

/** An action of a connection. */
interface Bound {
  readonly connector: string;
  readonly action: string;
  readonly connection?: string | undefined;
}

const CAPABILITY = 'capability:';

/** Makes the part of {@link Services} that asks on somebody's behalf. */
export function createInvoker(options: InvokerOptions): Pick<Services, 'invokeFor' | 'invokeAs'> {
  const { participants, refusals, store, clock } = options;

  const askFor = async (id: string, wish: ServiceWish): Promise<Json> => {
    const participant = participants.get(id);
    const { service, cause } = wish;
    const deny = (reason: string) => errors.invoke_denied({ participant: id, service, reason });
    if (!participant?.enabled) throw deny('it is not on the fabric');
    if (!mayInvoke(participant, service)) throw deny('it has no right to');
    const principal = `participant:${id}`;
    const causality: Causality =
      cause === undefined
        ? { principal, trace: newTraceId(clock.now()), cause: '', hop: 0 }
        : await causedBy(store, participant, cause);
    const asked = { ...wish, site: wish.site ?? participant.site };
    return invokeAs(
      options,
      { principal, permissions: permissionsFor(options, service, asked.site), causality },
      asked,
    );
  };

  return {
    invokeAs: (asker, wish) => invokeAs(options, asker, wish),
    async invokeFor(participant, wish) {
      try {
        return await askFor(participant, wish);
      } catch (error) {
        if (error instanceof CounterpointError && isRefusal(error)) {
          refusals.note(participant, 'invoke', wish.service, error);
        }
        throw error;
      }
    },
  };
}

function isRefusal({ code }: CounterpointError): boolean {
  return code === 'fabric.invoke_denied' || code === 'fabric.cause_unknown';
}

/** The action that a service is; undefined when it is nothing but a service. */
function boundTo({ context, bind }: InvokerOptions, service: string, site: string): Bound | undefined {
  if (service.startsWith(CAPABILITY)) {
    const bound = bind(service.slice(CAPABILITY.length), site);
    if (bound) return bound;
    throw errors.service_unavailable({ service, reason: 'nobody provides the capability now' });
  }
  const [connector = '', action = ''] = service.split('.', 2);
  const found = context.connectors.get(connector) ?? context.builtins.get(connector);
  const known = found && Object.hasOwn(found.manifest.actions, action) && service === `${connector}.${action}`;
  return known ? { connector, action } : undefined;
}

/** What a participant may do through the door: no more than the one thing that it may invoke. */
function permissionsFor(options: InvokerOptions, service: string, site: string): ReadonlySet<string> {
  const bound = boundTo(options, service, site);
  if (!bound) return new Set();
  const { connectors, builtins } = options.context;
  const builtin = builtins.get(bound.connector);
  const effect = (builtin ?? connectors.get(bound.connector))?.manifest.actions[bound.action]?.effect ?? 'destroy';
  const more = builtin?.permissions ? [effect === 'read' ? builtin.permissions.read : builtin.permissions.write] : [];
  return new Set([`action:${effect}`, 'connection:use', ...more]);
}

async function invokeAs(options: InvokerOptions, asker: Asker, wish: ServiceWish): Promise<Json> {
  const { registry, door, clock } = options;
  const { lease, cause: _cause, ...request } = wish;
  const bound = boundTo(options, wish.service, wish.site ?? '');
  // Participants speak with each other as they like; what people have done passes the door.
  if (!bound && asker.principal.startsWith('participant:')) {
    return registry.invoke({ ...request, causality: asker.causality });
  }
  if (!bound) {
    const reason = registry.whyNot(wish.service);
    if (reason) throw reason;
    return answerIn(await invokeAs(options, asker, withoutContract(registry, wish)));
  }
  const outcome = await door.perform(
    {
      connector: bound.connector,
      action: bound.action,
      connection: bound.connection,
      input: payloadOf(bound, wish.payload),
      key: stableId('service', asker.principal, wish.service, wish.key),
      ...{ run: '', address: '', generation: 0 },
      // Whole milliseconds are kept; callers say seconds, and fractions of them.
      lease: lease === undefined ? undefined : Math.max(1, Math.round(lease)),
      holder: asker.principal,
      permissions: asker.permissions,
      timeout: wish.timeout,
      causality: asker.causality,
      now: clock.now(),
    },
    wish.signal ?? new AbortController().signal,
  );
  return answerOf(outcome, asker.principal, wish.service);
}

/** A service that nothing is known of is asked through the connector `fabric`. */
function withoutContract(registry: ServiceRegistry, wish: ServiceWish): ServiceWish {
  const { service, payload, topic, instance, timeout, ...rest } = wish;
  return {
    ...rest,
    service: registry.isRead(service) ? 'fabric.query' : 'fabric.invoke',
    payload: { service, payload, timeout: `${timeout}ms`, ...(topic && { topic }), ...(instance && { instance }) },
    timeout,
  };
}

function answerIn(output: Json): Json {
  return (output as { readonly answer: Json }).answer;
}

function payloadOf({ connector, action }: Bound, payload: Json): JsonObject {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload as JsonObject;
  throw actionsErrors.invalid_input({ connector, action, reason: 'the payload is not an object' });
}

function answerOf(outcome: ActionOutcome, participant: string, service: string): Json {
  if (outcome.status === 'succeeded') return outcome.output;
  if (outcome.status === 'held') throw errors.invoke_held({ participant, service, item: outcome.item });
  if (outcome.status === 'pending') throw errors.invoke_pending({ service });
  throw outcome.error;
}

import { type Json, newId } from '@counterpoint/core';
import type { Participant } from '@counterpoint/fabric';
import { errors } from '../errors.ts';
import type { CallHandlers } from './call.ts';
import { streamTo, timeLimit } from './event-calls.ts';
import type { Presences } from './presence.ts';
import type { Asked, DeskAnswer } from './request-desk.ts';
import type { FabricServices } from './services.ts';

/** What a participant declares when it also offers one action more. */
function withOffer({ announced, declared }: Participant, action: string, contract: Json) {
  const before = announced ?? declared;
  return { ...before, offers: { ...before?.offers, [action]: contract } } as unknown as Json;
}

function offering({ services, clock, participants }: FabricServices, presences: Presences) {
  const shown = (participant: string, asked: Asked) => {
    const { id, service, payload, key, deadline } = asked;
    const timeout = Math.max(1, Math.ceil((deadline - clock.monotonic()) / 1_000));
    return { id, service, action: service.slice(participant.length + 1), payload, key, timeout };
  };
  return {
    async offer({ participant, params, body }) {
      const { action = '' } = params;
      const service = `${participant.id}.${action}`;
      const current = participants.get(participant.id) ?? participant;
      const declaration = body ? participants.declare(current, withOffer(current, action, body as Json)) : undefined;
      const presence = await presences.enter(participant, declaration);
      const instance = presence.offers.get(action) ?? newId();
      await services.register({
        id: instance,
        participant: participant.id,
        service,
        topics: [],
        site: participant.site,
        metadata: { via: 'http' },
        call: (request, signal) => presence.desk.ask(request, instance, signal),
      });
      presence.offers.set(action, instance);
      return { service, instance };
    },
    async withdraw({ participant, params }) {
      const { action = '' } = params;
      const offers = presences.get(participant.id)?.offers;
      const instance = offers?.get(action);
      if (!instance) throw errors.not_found({ kind: 'offer', id: action });
      offers?.delete(action);
      await services.withdraw(instance);
      return { service: `${participant.id}.${action}` };
    },
    async requests(call) {
      const presence = await presences.enter(call.participant);
      const stream = streamTo({ services, clock, participants } as FabricServices, presences, presence, call);
      for (;;) {
        const asked = await presence.desk.next(stream.signal);
        if (!asked) return call.reply;
        stream.send({ id: asked.id, event: 'request', data: shown(call.participant.id, asked) });
        await stream.room();
      }
    },
    async nextRequest({ participant, query, signal }) {
      const presence = await presences.enter(participant);
      const release = presence.read();
      const limit = timeLimit(clock, query.wait * 1_000);
      try {
        const asked = await presence.desk.next(AbortSignal.any([signal, presence.gone, limit.signal]));
        return { request: asked ? shown(participant.id, asked) : null };
      } finally {
        limit.cancel();
        release();
      }
    },
    async answer({ participant, params, body }) {
      const { id = '' } = params;
      const answer = body as DeskAnswer;
      if (!presences.get(participant.id)?.desk.answer(id, answer)) throw errors.request_closed({ id });
      return { id };
    },
  } satisfies CallHandlers<'offer' | 'withdraw' | 'requests' | 'nextRequest' | 'answer'>;
}

/** Offering services, and asking those of others. */
export function serviceCalls(
  fabric: FabricServices,
  presences: Presences,
): CallHandlers<'services' | 'invoke' | 'offer' | 'withdraw' | 'requests' | 'nextRequest' | 'answer'> {
  const { services } = fabric;
  return {
    ...offering(fabric, presences),
    async services() {
      const groups = Map.groupBy(services.instances(), ({ service, site }) => `${service} ${site}`);
      return {
        services: [...groups.values()].flatMap((list) =>
          list.slice(0, 1).map(({ service, participant, site }) => ({
            service,
            participant,
            site,
            instances: list.length,
          })),
        ),
      };
    },
    async invoke({ participant, params, body, signal }) {
      const { service = '' } = params;
      const { payload = null, key = newId(), timeout, lease, cause } = body;
      const { id, site } = participant;
      const request = {
        ...{ service, payload, key, timeout: Math.round(timeout * 1_000), site, signal },
        ...(lease === undefined ? {} : { lease: Math.round(lease * 1_000) }),
        ...(cause === undefined ? {} : { cause }),
      };
      return { payload: await services.invokeFor(id, request) };
    },
  };
}

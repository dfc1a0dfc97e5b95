import type { Json } from '@counterpoint/core';
import { encodeDxlMessage } from '@counterpoint/formats';
import { serviceRecord } from './broker-services.ts';
import type { DxlClient } from './client.ts';
import type { GatewayState } from './gateway.ts';
import { brokerEvent } from './messages.ts';
import type { RegisteredService } from './registry.ts';
import { BROKER_EVENTS } from './topics.ts';

/** Tells clients about the broker itself, on a topic below `/mcafee/event/dxl/`. */
function announce({ broker, options }: GatewayState, name: string, payload: Json): void {
  const message = brokerEvent(options.brokerId, Buffer.from(JSON.stringify(payload)));
  broker().deliver({ topic: BROKER_EVENTS + name, payload: encodeDxlMessage(message) });
}

/** Announces that a service came or went. */
export function announceService(
  state: GatewayState,
  what: 'register' | 'unregister',
  service: RegisteredService,
): void {
  announce(state, `svcregistry/${what}`, serviceRecord(service, state.options.brokerId));
}

/** Announces that a client came or went. */
export function announceClient(state: GatewayState, what: 'connect' | 'disconnect', client: DxlClient): void {
  const { thumbprint } = client.identity;
  const brokerGuid = state.options.brokerId;
  announce(state, `clientregistry/${what}`, { clientGuid: thumbprint, clientInstanceGuid: client.id, brokerGuid });
}

import type { TlsOptions } from 'node:tls';
import type { Clock } from '@counterpoint/core';
import type { EventLog } from '@counterpoint/events';
import type { Participants, Publisher, Refusals, Services } from '@counterpoint/fabric';

/** What the gateway for plain MQTT stands on. */
export interface MqttGatewayOptions {
  readonly participants: Participants;
  readonly services: Services;
  readonly publisher: Publisher;
  readonly refusals: Pick<Refusals, 'note'>;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Of MQTT over WebSocket; undefined: it is not spoken. */
  readonly webSocketPort: number | undefined;
  readonly tls: TlsOptions | undefined;
  readonly onTrouble: (trouble: { readonly address: string; readonly clientId: string; readonly error: Error }) => void;
}

import type { TlsOptions } from 'node:tls';
import type { Clock, CounterpointError } from '@counterpoint/core';
import type { EventLog } from '@counterpoint/events';
import type { Participants, Publisher, Services } from '@counterpoint/fabric';
import type { Authority } from '../authority/open-authority.ts';
import type { Broker } from '../broker/create-broker.ts';
import type { BrokerLimits } from '../broker/handler.ts';
import type { BrokerFacts } from './broker-services.ts';
import type { DxlIdentity } from './client.ts';
import type { RegisteredService, ServiceRegistry } from './registry.ts';
import type { Router } from './router.ts';
import type { Senders } from './senders.ts';

/** What the OpenDXL gateway is made of. */
export interface DxlGatewayOptions {
  readonly participants: Participants;
  readonly services: Services;
  readonly publisher: Publisher;
  readonly log: Pick<EventLog, 'tail'>;
  readonly authority: Authority;
  readonly clock: Clock;
  /** Identifies the broker to its clients, such as `{1c1e…}`: the same after a restart. */
  readonly brokerId: string;
  /** Version of the product. */
  readonly version: string;
  /** Address to listen on. */
  readonly host: string;
  readonly port: number;
  readonly webSocketPort: number;
  /** Names and addresses that clients reach it by; they are in its certificate and in the clients' configuration. */
  readonly advertise: readonly string[];
  readonly limits?: Partial<BrokerLimits>;
  /** What went wrong without anybody waiting for it: refused clients, messages that were dropped. */
  readonly onTrouble: (trouble: DxlTrouble) => void;
}

/** Something that went wrong with a client. */
export interface DxlTrouble {
  readonly error: Error | CounterpointError;
  readonly address: string;
  /** The participant, where it is known. */
  readonly participant: string;
}

/** The gateway at work. */
export interface DxlGateway {
  readonly port: number;
  readonly webSocketPort: number;
  readonly facts: BrokerFacts;
  /** Uses another key and certificate for connections from now on. */
  secure(tls: TlsOptions): void;
  close(): Promise<void>;
}

/** What the parts of a gateway share. */
export interface GatewayState {
  readonly options: DxlGatewayOptions;
  readonly registry: ServiceRegistry;
  readonly router: Router;
  readonly senders: Senders;
  broker(): Broker<DxlIdentity>;
  facts(): BrokerFacts;
  /** Takes a service away, and says so. */
  withdraw(service: RegisteredService): void;
}

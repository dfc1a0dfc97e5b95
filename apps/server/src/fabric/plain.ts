import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isCounterpointError } from '@counterpoint/core';
import type { EventLog } from '@counterpoint/events';
import type { Config } from '../config/settings.ts';
import { errors } from '../errors.ts';
import type { Foundations } from '../foundations.ts';
import { rolesOf } from '../roles.ts';
import type { FabricMembers } from './participants.ts';

/** What the gateway for plain MQTT stands on. */
export interface PlainParts {
  readonly foundations: Foundations;
  readonly members: FabricMembers;
  readonly eventLog: EventLog;
}

/** The same trouble of the same client is told once in so many milliseconds. */
const TOLD_AGAIN = 60_000;
const REMEMBERED = 1_000;

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** @throws server.mqtt_without_tls, server.mqtt_tls_invalid */
function tlsOf(config: Config, tlsWith: typeof import('@counterpoint/gateways').tlsWith) {
  const [cert, key, host] = [config['mqtt.tls_cert'], config['mqtt.tls_key'], config['mqtt.host']];
  if (cert === '' && key === '') {
    if (!isLoopback(host)) throw errors.mqtt_without_tls({ host });
    return undefined;
  }
  if (cert === '' || key === '') {
    throw errors.mqtt_tls_invalid({ reason: `mqtt.tls_${cert === '' ? 'cert' : 'key'} is not set` });
  }
  try {
    return tlsWith(readFileSync(cert), readFileSync(key));
  } catch (cause) {
    throw errors.mqtt_tls_invalid({ reason: cause instanceof Error ? cause.message : String(cause) }, { cause });
  }
}

function troubleLog({ log, clock }: Foundations) {
  const told = new Map<string, number>();
  return ({ error, address }: { readonly error: Error; readonly address: string }) => {
    const code = isCounterpointError(error) ? error.code : error.name;
    const key = `${address} ${code}`;
    const now = clock.monotonic();
    if (now - (told.get(key) ?? Number.NEGATIVE_INFINITY) < TOLD_AGAIN) return;
    if (told.size >= REMEMBERED) told.clear();
    told.set(key, now);
    log.warn({ code, address, reason: error.message.slice(0, 500) }, 'an MQTT client was refused something');
  };
}

/**
 * Opens the gateway for plain MQTT where the configuration wants it, and gives the way to close it.
 *
 * @throws gateway.port_taken, server.mqtt_without_tls, server.mqtt_tls_invalid
 */
export async function openPlain({ foundations, members, eventLog }: PlainParts): Promise<() => Promise<void>> {
  const { config, clock, log } = foundations;
  if (!config['mqtt.enabled'] || !rolesOf(config).api) return async () => {};
  // Loaded here: who does not use MQTT does not pay for it at start.
  const { createMqttGateway, tlsWith } = await import('@counterpoint/gateways');
  const gateway = await createMqttGateway({
    ...{ ...members, log: eventLog, clock },
    host: config['mqtt.host'],
    port: config['mqtt.port'],
    webSocketPort: config['mqtt.ws_port'],
    tls: tlsOf(config, tlsWith),
    onTrouble: troubleLog(foundations),
  });
  const { port, webSocketPort } = gateway;
  log.info({ port, webSocketPort }, 'participants may connect over MQTT');
  return () => gateway.close();
}

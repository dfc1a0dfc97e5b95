import { hostname, networkInterfaces } from 'node:os';
import type { DxlDesk } from '@counterpoint/api';
import { isCounterpointError, newTraceId } from '@counterpoint/core';
import type { EventLog } from '@counterpoint/events';
import type { Actor } from '@counterpoint/fabric';
import type { DxlGateway, DxlTrouble, Enrolment, Provisioning } from '@counterpoint/gateways';
import { authorise, createAuthenticator } from '@counterpoint/identity';
import { FROZEN_SETTING } from '@counterpoint/store';
import type { Config } from '../config/settings.ts';
import { errors } from '../errors.ts';
import type { Foundations } from '../foundations.ts';
import { rolesOf } from '../roles.ts';
import { VERSION } from '../version.ts';
import type { FabricMembers } from './participants.ts';

/** What the OpenDXL gateway of the server stands on. */
export interface DxlParts {
  readonly foundations: Foundations;
  readonly members: FabricMembers;
  readonly eventLog: EventLog;
}

/** The OpenDXL gateway of the server, on or off. */
export interface ServerDxl {
  readonly dxl: DxlDesk;
  close(): Promise<void>;
}

const DAY = 86_400_000;
/** The server's certificate is valid for a year; long before that it gets another. */
const RENEW_AFTER = 180 * DAY;
/** The same trouble of the same client is told once in so many milliseconds. */
const TOLD_AGAIN = 60_000;
const REMEMBERED = 1_000;

/** Opens the gateway where the configuration wants it. @throws gateway.port_taken */
export async function openDxl(parts: DxlParts): Promise<ServerDxl> {
  const { config } = parts.foundations;
  if (!config['dxl.enabled'] || !rolesOf(config).api) {
    const off = async () => {
      throw errors.dxl_disabled();
    };
    return { dxl: { facts: () => undefined, enrol: off }, close: async () => {} };
  }
  return openDoors(parts);
}

async function openDoors({ foundations, members, eventLog }: DxlParts): Promise<ServerDxl> {
  const { store, vault, clock, config, installation, log } = foundations;
  // Loaded here: who does not use OpenDXL does not pay for it at start.
  const gateways = await import('@counterpoint/gateways');
  const authority = await gateways.openAuthority({ store, vault, clock, installation });
  const options = {
    ...{ ...members, authority, clock, log: eventLog, version: VERSION },
    brokerId: `{${installation}}`,
    host: config['dxl.host'],
    port: config['dxl.port'],
    webSocketPort: config['dxl.ws_port'],
    advertise: advertised(config),
    limits: { messagesPerSecond: config['dxl.messages_per_second'] },
    onTrouble: troubleLog(foundations),
  };
  const tls = await gateways.serverTls(options);
  const gateway = await gateways.createDxlGateway(options, tls);
  const enrolment = gateways.createEnrolment(members.participants, authority);
  const provisioner = authoriser(foundations);
  const provisioning = await gateways
    .openProvisioning({
      ...{ tls, enrolment, host: config['dxl.host'], port: config['dxl.provision_port'] },
      authority: authority.certificate,
      facts: () => gateway.facts,
      authorise: provisioner.authorise,
      onTrouble: (error) => log.error({ err: String(error) }, 'a client could not be provisioned'),
    })
    .catch(async (error: unknown) => {
      await gateway.close();
      throw error;
    });
  const stopRenewing = keepRenewed(foundations, async () => {
    const renewed = await gateways.serverTls(options);
    gateway.secure(renewed);
    provisioning.secure(renewed);
  });
  return {
    dxl: deskOf({ gateway, provisioning, enrolment, authority: authority.certificate, lines: gateways.brokerLines }),
    async close() {
      stopRenewing();
      provisioner.close();
      await provisioning.close();
      await gateway.close();
    },
  };
}

interface Open {
  readonly gateway: DxlGateway;
  readonly provisioning: Provisioning;
  readonly enrolment: Enrolment;
  readonly authority: string;
  readonly lines: (facts: DxlGateway['facts']) => { readonly brokers: string; readonly webSocketBrokers: string };
}

function deskOf({ gateway, provisioning, enrolment, authority, lines }: Open): DxlDesk {
  return {
    facts: () => ({ ...gateway.facts, provisionPort: provisioning.port, authority }),
    async enrol(csr, by, wanted) {
      const { participant, certificate } = await enrolment.enrol(csr, by, wanted);
      const { thumbprint, pem, notAfter } = certificate;
      return {
        ...{ participant: participant.id, thumbprint, certificate: pem, authority, notAfter },
        ...lines(gateway.facts),
      };
    },
  };
}

/** Who provisions clients proves it with an API token as password; the name beside it does not matter. */
function authoriser({ store, clock }: Foundations) {
  const authenticator = createAuthenticator(store, clock);
  return {
    async authorise(password: string, what: 'enrol' | 'read'): Promise<Actor> {
      const principal = await authenticator.authenticate(`Bearer ${password}`);
      authorise(principal, what === 'enrol' ? 'fabric:write' : 'fabric:read');
      // The clients' own command lets them in by GET, which is not refused as such while a restored backup is frozen.
      if (what === 'enrol' && (await store.get('settings', FROZEN_SETTING))) throw errors.frozen();
      return { principal: principal.ref, trace: newTraceId(clock.now()) };
    },
    close: () => authenticator.close(),
  };
}

function keepRenewed({ clock, log }: Foundations, renew: () => Promise<void>): () => void {
  let disarm = () => {};
  const arm = () => {
    disarm = clock.after(RENEW_AFTER, () => {
      renew().catch((error: unknown) => log.error({ err: String(error) }, 'the certificate could not be renewed'));
      arm();
    });
  };
  arm();
  return () => disarm();
}

/** Writes what went wrong with clients to the log, without letting any of them fill it. */
function troubleLog({ log, clock }: Foundations): (trouble: DxlTrouble) => void {
  const told = new Map<string, number>();
  return ({ error, address, participant }) => {
    const code = isCounterpointError(error) ? error.code : error.name;
    const key = `${address} ${participant} ${code}`;
    const now = clock.monotonic();
    const before = told.get(key);
    if (before !== undefined && now - before < TOLD_AGAIN) return;
    if (told.size >= REMEMBERED) told.clear();
    told.set(key, now);
    log.warn(
      { code, address, participant, reason: error.message.slice(0, 500) },
      'an OpenDXL client was refused something',
    );
  };
}

function advertised(config: Config): readonly string[] {
  const given = config['dxl.advertise_host']
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (given.length > 0) return given;
  const host = config['dxl.host'];
  if (host === '127.0.0.1' || host === '::1') return ['localhost', host];
  if (host !== '0.0.0.0' && host !== '::') return [host];
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) =>
    all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  );
  return [hostname(), ...addresses.slice(0, 3)];
}

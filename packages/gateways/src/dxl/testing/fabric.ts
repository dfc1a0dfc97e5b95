import { randomBytes } from 'node:crypto';
import { type Clock, createRedactor, type Json, newTraceId, systemClock } from '@counterpoint/core';
import { eventErrors, type ParticipantRights, type Store, topicMatches } from '@counterpoint/events';
import {
  createParticipants,
  createPublisher,
  createRefusals,
  createServices,
  fabricErrors,
  mayInvoke,
  type PublisherOptions,
  parseParticipant,
  type ServiceWish,
} from '@counterpoint/fabric';
import { createKeyProvider, createVault } from '@counterpoint/vault';
import { openAuthority } from '../../authority/open-authority.ts';
import { newCertificateRequest } from '../../authority/request.ts';
import type { BrokerLimits } from '../../broker/handler.ts';
import { createDxlGateway, serverTls } from '../create-gateway.ts';
import { createEnrolment } from '../enrol.ts';
import type { DxlGatewayOptions } from '../gateway.ts';
import { openProvisioning } from '../provisioning.ts';
import { type Client, connected, dxl } from './published.ts';

/** What a test may say about the fabric that it starts. */
export interface FabricWish {
  readonly store: Store;
  readonly clock?: Clock;
  readonly limits?: Partial<BrokerLimits>;
  /** Participants that git declares, as YAML. */
  readonly declared?: readonly string[];
  /** The actions of connections: name -> answer. */
  readonly actions?: Readonly<Record<string, (participant: string, payload: Json) => Json | Promise<Json>>>;
}

const BY = { principal: 'user:test', trace: newTraceId() };
/** The password that the provisioning door of tests takes. */
export const PASSWORD = 'cp_test_token';

/** The one topic of ours that tests publish on wants a verdict. */
const checkEvent: PublisherOptions['check'] = (topic, data) =>
  topic !== 'verdict.file.v1' || JSON.stringify(data).includes('"verdict"')
    ? undefined
    : eventErrors.data_invalid({ topic, reason: 'verdict is missing' });

/** Participants, services and publishing over a store in memory, with functions for the actions of connections. */
export async function openFabric({ store, clock = systemClock, actions = {}, declared = [] }: FabricWish) {
  const documents = declared.flatMap((text) => parseParticipant(text, { contracts: new Map() }).participant ?? []);
  const participants = createParticipants({
    ...{ store, clock, node: 'one', alone: true, contracts: new Map() },
    declared: new Map(documents.map((one) => [one.declaration.id, one] as const)),
    isTaken: () => false,
  });
  await participants.start();
  const refusals = createRefusals(store, clock);
  const registry = createServices({ store, clock, node: 'one', alone: true, participants, refusals });
  await registry.start();
  const invokeFor = async (id: string, wish: ServiceWish): Promise<Json> => {
    const participant = participants.get(id);
    const { service } = wish;
    if (!participant || !mayInvoke(participant, service)) {
      throw fabricErrors.invoke_denied({ participant: id, service, reason: 'it has no right to' });
    }
    const action = actions[service];
    if (action) return action(id, wish.payload);
    const causality = { principal: `participant:${id}`, trace: newTraceId(), cause: '', hop: 0 };
    return registry.invoke({ ...wish, causality });
  };
  const services = { ...registry, invokeFor, invokeAs: () => Promise.reject(new Error('nobody asks so')) };
  const publisher = createPublisher({ store, clock, participants, check: checkEvent, refusals });
  const vault = createVault({
    ...{ store, clock, installation: 'test', redactor: createRedactor() },
    provider: createKeyProvider(randomBytes(32)),
  });
  const authority = await openAuthority({ store, vault, clock, installation: 'test' });
  const close = async () => {
    await registry.close();
    await participants.close();
  };
  return { store, vault, installation: 'test', clock, participants, services, publisher, refusals, authority, close };
}

type OpenFabric = Awaited<ReturnType<typeof openFabric>>;

/** An OpenDXL gateway and its provisioning door on loopback, over a fabric. */
async function openDoors(fabric: OpenFabric, limits: Partial<BrokerLimits>) {
  const { store, participants, services, publisher, authority, clock } = fabric;
  const troubles: string[] = [];
  const options: DxlGatewayOptions = {
    ...{ participants, services, publisher, authority, clock, limits },
    log: {
      tail: async (topics, listener) =>
        store.onCommitted(({ events = [] }) => {
          for (const event of events) {
            if (topics.some((pattern) => topicMatches(pattern, event.type))) listener({ position: 0, event });
          }
        }),
    },
    brokerId: '{b7d2f6a0-0000-4000-8000-000000000001}',
    version: '1.0.0',
    ...{ host: '127.0.0.1', port: 0, webSocketPort: 0, advertise: ['localhost', '127.0.0.1'] },
    onTrouble: ({ error }) => troubles.push(error.message),
  };
  const tls = await serverTls(options);
  const gateway = await createDxlGateway(options, tls);
  const enrolment = createEnrolment(participants, authority);
  const provisioning = await openProvisioning({
    ...{ host: '127.0.0.1', port: 0, tls, enrolment, authority: authority.certificate },
    facts: () => gateway.facts,
    authorise: async (password) => {
      if (password !== PASSWORD) throw fabricErrors.participant_unauthenticated();
      return BY;
    },
    onTrouble: (error) => troubles.push(error.message),
  });
  return { gateway, provisioning, enrolment, troubles };
}

/** Starts a fabric in memory with an OpenDXL gateway on loopback; everything but the door for actions is real. */
export async function startFabric(wish: FabricWish) {
  const fabric = await openFabric(wish);
  const doors = await openDoors(fabric, wish.limits ?? {});
  const { participants, authority } = fabric;
  const { gateway, provisioning, enrolment } = doors;
  const clients: Client[] = [];
  return {
    ...fabric,
    ...doors,
    by: BY,
    /** Lets a participant in, with rights of its own when given. */
    async identity(name: string, rights?: Partial<ParticipantRights>): Promise<Identity> {
      const { key, csr } = await newCertificateRequest(name);
      const { participant, certificate } = await enrolment.enrol(csr, BY);
      if (rights) await participants.update(participant.id, { rights: { ...participant.rights, ...rights } }, BY);
      return { key, certificate: certificate.pem, thumbprint: certificate.thumbprint, participant: participant.id };
    },
    /** A client of the published library with an identity; not connected yet. */
    client(identity: Pick<Identity, 'key' | 'certificate'>, { webSocket = false, clientId = '' } = {}): Client {
      const port = webSocket ? gateway.webSocketPort : gateway.port;
      const brokers = [new dxl.Broker('127.0.0.1', '{b}', port)];
      const config = new dxl.Config(
        ...[authority.certificate, identity.certificate, identity.key, brokers, brokers, webSocket],
      );
      if (clientId !== '') config._clientId = clientId;
      const client = new dxl.Client(config);
      clients.push(client);
      return client;
    },
    async connect(name: string, rights?: Partial<ParticipantRights>): Promise<Client> {
      return connected(this.client(await this.identity(name, rights)));
    },
    async close() {
      for (const client of clients) client._mqttClient?.end(true);
      await provisioning.close();
      await gateway.close();
      await fabric.close();
    },
  };
}

/** The fabric of a test. */
export type TestFabric = Awaited<ReturnType<typeof startFabric>>;

/** A certificate with its key. */
export interface Identity {
  readonly key: string;
  readonly certificate: string;
  readonly thumbprint: string;
  readonly participant: string;
}

/** Waits until something holds: half a minute at the most. */
export async function until(holds: () => boolean, what = 'it never came about'): Promise<void> {
  for (let tries = 0; tries < 6_000; tries += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(what);
}

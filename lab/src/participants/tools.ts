import type { JsonObject } from '@counterpoint/core';
import { createParticipantClient, type ParticipantClient } from '@counterpoint/sdk';
import type { CuckooAddress } from './cuckoo-client.ts';
import { createDirectory, type Directory } from './directory.ts';
import { createDnsSinkhole, type DnsSinkhole } from './dns-sinkhole.ts';
import { createEndpoint, type Endpoint } from './endpoint.ts';
import type { Fabric } from './fabric.ts';
import { createMailGateway, type Mail, type MailGateway } from './mail-gateway.ts';
import { createProxy, type WebProxy } from './proxy.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { answering, type Tool } from './tool.ts';

/** The tools of the lab: programs of their own that join over HTTP with a token each, as any tool would. */
export interface LabTools {
  readonly mailGateway: MailGateway;
  readonly endpoint: Endpoint;
  readonly proxy: WebProxy;
  readonly directory: Directory;
  /** Not on the fabric before {@link LabTools.joinSinkhole}. */
  readonly dnsSinkhole: DnsSinkhole;
  /** A mail arrives at the gateway; gives the id of the event that announces its attachment. */
  receive(mail: Mail): Promise<string>;
  joinSinkhole(): Promise<void>;
  /** The sandbox takes back what it said in an event; gives the id of the revision. */
  revise(event: string, reason: string): Promise<string>;
  /** All leave. */
  close(): Promise<void>;
}

/** What {@link startTools} needs. */
export interface ToolsOptions {
  /** Base URL of the server. */
  readonly url: string;
  readonly cuckoo: CuckooAddress;
  /** The token of a participant. */
  readonly tokenOf: (participant: string) => Promise<string>;
}

/** Seconds that the sandbox may take for a file before it comes again. */
const EXAMINATION = 120;

function fabricOf(client: ParticipantClient): Fabric {
  return {
    publish: (announcement) => client.publish(announcement),
    invoke: (service, payload, key) => client.invoke(service, payload, { key }),
  };
}

/** Connects a tool, and offers what it can do. Its declaration is the one in git, so it says nothing of itself. */
async function connect(tool: Tool, { url, tokenOf }: ToolsOptions): Promise<ParticipantClient> {
  const client = createParticipantClient({ url, token: await tokenOf(tool.id) });
  await client.heartbeat();
  const answer = answering(tool);
  for (const action of Object.keys(tool.actions)) {
    await client.offer(action, undefined, ({ payload, key }) => answer(action, payload as JsonObject, key));
  }
  return client;
}

async function connectSandbox(sandbox: Sandbox, options: ToolsOptions): Promise<ParticipantClient> {
  const client = await connect(sandbox, options);
  const wish = { topics: ['file.submitted.v1'], durable: 'detonation', timeout: EXAMINATION };
  await client.subscribe(wish, ({ id, type, data }) =>
    sandbox.examine({ id, type, data: data as JsonObject }, fabricOf(client)),
  );
  return client;
}

/**
 * Starts the tools of the lab and has all but the DNS sinkhole join.
 *
 * @throws what joining throws; whoever had joined by then has left again
 */
export async function startTools(options: ToolsOptions): Promise<LabTools> {
  const mailGateway = createMailGateway();
  const endpoint = createEndpoint();
  const proxy = createProxy();
  const directory = createDirectory();
  const dnsSinkhole = createDnsSinkhole();
  const clients: ParticipantClient[] = [];
  const joined = async (connecting: Promise<ParticipantClient>) => {
    const client = await connecting;
    clients.push(client);
    return client;
  };
  const close = async () => {
    await Promise.allSettled(clients.splice(0).map((client) => client.leave()));
  };
  const started = await Promise.allSettled([
    joined(connect(mailGateway, options)),
    joined(connectSandbox(createSandbox(options.cuckoo), options)),
    ...[endpoint, proxy, directory].map((tool) => joined(connect(tool, options))),
  ]);
  const failed = started.find((one) => one.status === 'rejected');
  const [gateway, sandbox] = started.map((one) => (one.status === 'fulfilled' ? one.value : undefined));
  if (failed || !gateway || !sandbox) {
    await close();
    throw failed?.reason;
  }
  return {
    ...{ mailGateway, endpoint, proxy, directory, dnsSinkhole, close },
    receive: (mail) => gateway.publish(mailGateway.receive(mail)),
    async joinSinkhole() {
      await joined(connect(dnsSinkhole, options));
    },
    revise: (event, reason) =>
      sandbox.publish({
        topic: 'verdict.revised.v1',
        subject: event,
        data: { revises: event, verdict: 'benign', reason },
        cause: event,
      }),
  };
}

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type DxlMessage, decodeDxlMessage, emptyDxlFields, encodeDxlMessage } from '@counterpoint/formats';
import mqtt, { type MqttClient } from 'mqtt';
import { ascending, percentile } from '../statistics.ts';

/** Where a client's key and certificate are (PEM). */
export interface DxlClientFiles {
  readonly key: string;
  readonly cert: string;
}

/** One measurement: one client asks, another answers. */
export interface DxlJob {
  readonly port: number;
  /** Whether the broker wants the service registered before. */
  readonly register: boolean;
  readonly seconds: number;
  readonly asker: DxlClientFiles;
  readonly answerer: DxlClientFiles;
}

/** What came of it. */
export interface DxlFigures {
  readonly per_second: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
}

const TOPIC = '/bench/service/echo';
const IN_FLIGHT = 32;
const WARM_MILLIS = 1_000;
const PAYLOAD = Buffer.alloc(256, 'x');

interface Member {
  readonly client: MqttClient;
  readonly replies: string;
  send(topic: string, message: DxlMessage): void;
  onMessage(take: (topic: string, message: DxlMessage) => void): void;
}

async function open(port: number, files: DxlClientFiles): Promise<Member> {
  const id = `{${randomUUID()}}`;
  const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${port}`, {
    clientId: id,
    protocolVersion: 4,
    rejectUnauthorized: false,
    key: readFileSync(files.key),
    cert: readFileSync(files.cert),
  });
  const replies = `/mcafee/client/${id}`;
  await client.subscribeAsync(replies);
  return {
    client,
    replies,
    send: (topic, message) => void client.publish(topic, encodeDxlMessage(message)),
    onMessage: (take) => client.on('message', (topic, payload) => take(topic, decodeDxlMessage(payload))),
  };
}

const requestTo = (replyToTopic: string, payload: Uint8Array): DxlMessage => ({
  ...emptyDxlFields,
  type: 'request',
  messageId: `{${randomUUID()}}`,
  payload,
  replyToTopic,
  serviceId: '',
});

/** Registers the service as OpenDXL clients do, and waits for the answer. */
async function register(member: Member): Promise<void> {
  const record = {
    serviceType: '/bench/service',
    metaData: {},
    requestChannels: [TOPIC],
    ttlMins: 60,
    serviceGuid: `{${randomUUID()}}`,
  };
  const answered = new Promise<DxlMessage>((resolve) => {
    member.onMessage((topic, message) => {
      if (topic === member.replies) resolve(message);
    });
  });
  const wish = requestTo(member.replies, Buffer.from(JSON.stringify(record)));
  member.send('/mcafee/service/dxl/svcregistry/register', wish);
  const answer = await answered;
  if (answer.type === 'error') throw new Error(`the service was not registered: ${answer.errorMessage}`);
}

/** Answers every request with its own payload. */
function answerAll(member: Member): void {
  member.onMessage((topic, message) => {
    if (topic !== TOPIC || message.type !== 'request') return;
    const { messageId: requestMessageId, replyToTopic, serviceId, payload } = message;
    member.send(replyToTopic, {
      ...emptyDxlFields,
      type: 'response',
      messageId: `{${randomUUID()}}`,
      requestMessageId,
      serviceId,
      payload,
    });
  });
}

/** Keeps requests under way for some seconds. Throws when an answer is not what was sent. */
export async function runDxlLoad(job: DxlJob): Promise<DxlFigures> {
  const answerer = await open(job.port, job.answerer);
  answerAll(answerer);
  await answerer.client.subscribeAsync(TOPIC);
  if (job.register) await register(answerer);
  const asker = await open(job.port, job.asker);
  const sent = new Map<string, number>();
  const latencies: number[] = [];
  const began = performance.now() + WARM_MILLIS;
  const end = began + job.seconds * 1_000;
  const finished = Promise.withResolvers<void>();
  const ask = (): void => {
    if (performance.now() >= end) {
      if (sent.size === 0) finished.resolve();
      return;
    }
    const request = requestTo(asker.replies, PAYLOAD);
    sent.set(request.messageId, performance.now());
    asker.send(TOPIC, request);
  };
  asker.onMessage((_, message) => {
    if (message.type !== 'response' || message.payload.length !== PAYLOAD.length) {
      finished.reject(new Error(`an answer was ${JSON.stringify(message).slice(0, 300)}`));
      return;
    }
    const at = sent.get(message.requestMessageId);
    sent.delete(message.requestMessageId);
    const now = performance.now();
    if (at !== undefined && now >= began && now < end) latencies.push(now - at);
    ask();
  });
  for (let index = 0; index < IN_FLIGHT; index += 1) ask();
  await finished.promise;
  const sorted = ascending(latencies);
  return { per_second: sorted.length / job.seconds, p50_ms: percentile(sorted, 50), p99_ms: percentile(sorted, 99) };
}

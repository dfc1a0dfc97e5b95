import {
  type ConnectorSimulator,
  createSimulator,
  type SimulatorAnswer,
  type SimulatorFactory,
  type SimulatorRequest,
} from '@counterpoint/connector-kit/simulator';
import { type Clock, systemClock } from '@counterpoint/core';

/** A message that the simulated workspace received. */
export interface SimulatedMessage {
  readonly channel: string;
  readonly text: string;
  readonly ts: string;
  readonly thread: string | undefined;
}

/** A simulated workspace with the channels `soc`, `security` and the archived `old`; the bot is not in `private`. */
export interface SlackSimulator extends ConnectorSimulator {
  readonly messages: readonly SimulatedMessage[];
}

const TOKEN = 'xoxb-lab-slack-token';
const CHANNELS: Readonly<Record<string, string>> = {
  soc: 'C0000SOC',
  security: 'C0000SEC',
  old: 'C0000OLD',
  private: 'C0000PRV',
};
const REFUSED: Readonly<Record<string, string>> = { C0000OLD: 'is_archived', C0000PRV: 'not_in_channel' };

const failed = (error: string): SimulatorAnswer => ({ body: { ok: false, error } });

function post({ body }: SimulatorRequest, messages: SimulatedMessage[], clock: Clock): SimulatorAnswer {
  const { channel = '', text = '', thread_ts: thread } = (body ?? {}) as Record<string, string>;
  const name = channel.replace(/^#/, '');
  const id = Object.hasOwn(CHANNELS, name) ? CHANNELS[name] : Object.values(CHANNELS).find((one) => one === name);
  if (id === undefined) return failed('channel_not_found');
  if (REFUSED[id]) return failed(REFUSED[id]);
  if (text === '') return failed('no_text');
  if (text.length > 40_000) return failed('msg_too_long');
  const ts = `${Math.floor(clock.now() / 1_000)}.${String(messages.length + 1).padStart(6, '0')}`;
  messages.push({ channel: id, text, ts, thread });
  return { body: { ok: true, channel: id, ts, message: { text, bot_id: 'B0000LAB', type: 'message', ts } } };
}

/** Starts a simulated Slack. */
export const simulate: SimulatorFactory<SlackSimulator> = async ({ clock = systemClock, port = 0 } = {}) => {
  const messages: SimulatedMessage[] = [];
  const server = await createSimulator({
    clock,
    port,
    authenticate: ({ headers }) => (headers.authorization === `Bearer ${TOKEN}` ? undefined : failed('invalid_auth')),
    rateLimit: {
      requests: 100,
      perMillis: 60_000,
      answer: { status: 429, headers: { 'retry-after': '30' }, body: { ok: false, error: 'ratelimited' } },
    },
    unknown: failed('unknown_method'),
    routes: {
      'POST /api/chat.postMessage': (request) => post(request, messages, clock),
      'POST /api/auth.test': () => ({
        body: { ok: true, url: 'https://lab.slack.com/', team: 'Lab', user: 'counterpoint', bot_id: 'B0000LAB' },
      }),
    },
  });
  return { server, messages, config: { base_url: `${server.url}/api` }, secrets: { bot_token: TOKEN } };
};

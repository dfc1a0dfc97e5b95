import { isIPv4 } from 'node:net';
import {
  createSimulator,
  type SimulatorAnswer,
  type SimulatorFactory,
  type SimulatorRequest,
} from '@counterpoint/connector-kit/simulator';
import { type Clock, systemClock } from '@counterpoint/core';
import { simulatedThreat } from '../simulated-threats.ts';

const API_KEY = 'lab-greynoise-key';

function authenticate({ headers }: SimulatorRequest): SimulatorAnswer | undefined {
  return headers.key === API_KEY ? undefined : { status: 401, body: { message: 'Invalid or missing API key' } };
}

function community({ params }: SimulatorRequest, clock: Clock): SimulatorAnswer {
  const ip = params.ip ?? '';
  if (!isIPv4(ip)) return { status: 400, body: { message: 'Request is not a valid routable IPv4 address' } };
  const { classification, riot, owner } = simulatedThreat(ip);
  if (classification === undefined && !riot) {
    const message = 'IP not observed scanning the internet or contained in RIOT data set.';
    return { status: 404, body: { ip, noise: false, riot: false, message } };
  }
  return {
    body: {
      ip,
      noise: !riot,
      riot,
      classification: classification ?? 'unknown',
      name: riot ? owner : 'unknown',
      link: `https://viz.greynoise.io/${riot ? 'riot' : 'ip'}/${ip}`,
      last_seen: new Date(clock.now()).toISOString().slice(0, 10),
      message: 'Success',
    },
  };
}

/** Starts a simulated GreyNoise Community API: 50 look-ups a day without, 10,000 with a key; here always with one. */
export const simulate: SimulatorFactory = async ({ clock = systemClock, port = 0 } = {}) => {
  const server = await createSimulator({
    clock,
    port,
    authenticate,
    rateLimit: {
      requests: 10_000,
      perMillis: 86_400_000,
      answer: { status: 429, headers: { 'retry-after': '3600' }, body: { message: 'You have hit your rate limit' } },
    },
    routes: { 'GET /v3/community/:ip': (request) => community(request, clock) },
  });
  return { server, config: { base_url: server.url }, secrets: { api_key: API_KEY } };
};

import { isIP } from 'node:net';
import {
  type ConnectorSimulator,
  createSimulator,
  type SimulatorAnswer,
  type SimulatorFactory,
  type SimulatorRequest,
} from '@counterpoint/connector-kit/simulator';
import { type Clock, type Json, systemClock } from '@counterpoint/core';
import { simulatedThreat } from '../simulated-threats.ts';

/** A simulated AbuseIPDB: 1,000 checks and 1,000 reports a day. */
export interface AbuseipdbSimulator extends ConnectorSimulator {
  /** Address -> when it was last reported, in Unix milliseconds. */
  readonly reported: ReadonlyMap<string, number>;
}

const API_KEY = 'lab-abuseipdb-key';
const DAY = 86_400_000;
const REPEAT = 15 * 60_000;

function refusal(status: number, detail: string, parameter?: string): SimulatorAnswer {
  const source = parameter === undefined ? {} : { source: { parameter } };
  const headers: Record<string, string> = status === 429 ? { 'retry-after': '60' } : {};
  return { status, headers, body: { errors: [{ detail, status, ...source }] } };
}

function authenticate({ headers }: SimulatorRequest): SimulatorAnswer | undefined {
  if (headers.key === API_KEY) return undefined;
  return refusal(401, 'Authentication failed. Your API key is either missing, incorrect, or revoked.');
}

function check({ query }: SimulatorRequest, clock: Clock): SimulatorAnswer {
  const ip = query.ipAddress ?? '';
  const age = Number(query.maxAgeInDays ?? '30');
  if (isIP(ip) === 0) return refusal(422, 'The ip address must be a valid IPv4 or IPv6 address.', 'ipAddress');
  if (!(age >= 1 && age <= 365)) return refusal(422, 'The max age in days must be between 1 and 365.', 'maxAgeInDays');
  const threat = simulatedThreat(ip);
  const data: Json = {
    ipAddress: ip,
    isPublic: true,
    ipVersion: isIP(ip),
    isWhitelisted: threat.whitelisted,
    abuseConfidenceScore: threat.abuseScore,
    countryCode: threat.country,
    usageType: 'Data Center/Web Hosting/Transit',
    isp: threat.owner,
    domain: 'example.net',
    hostnames: [],
    isTor: false,
    totalReports: threat.reports,
    numDistinctUsers: Math.ceil(threat.reports / 3),
    lastReportedAt: threat.reports === 0 ? null : new Date(clock.now() - 3_600_000).toISOString(),
  };
  return { body: { data } };
}

function report({ body }: SimulatorRequest, reported: Map<string, number>, clock: Clock): SimulatorAnswer {
  const { ip = '', categories = '' } = (body ?? {}) as Record<string, string>;
  if (isIP(ip) === 0) return refusal(422, 'The ip field must be a valid IPv4 or IPv6 address.', 'ip');
  if (!/^\d{1,2}(,\d{1,2})*$/.test(categories)) return refusal(422, 'The categories field is required.', 'categories');
  const last = reported.get(ip);
  if (last !== undefined && clock.now() - last < REPEAT) {
    return refusal(429, `You can only report the same IP address (\`${ip}\`) once in 15 minutes.`, 'ip');
  }
  reported.set(ip, clock.now());
  return { body: { data: { ipAddress: ip, abuseConfidenceScore: Math.max(simulatedThreat(ip).abuseScore, 1) } } };
}

/** Starts a simulated AbuseIPDB. */
export const simulate: SimulatorFactory<AbuseipdbSimulator> = async ({ clock = systemClock, port = 0 } = {}) => {
  const reported = new Map<string, number>();
  const server = await createSimulator({
    clock,
    port,
    authenticate,
    rateLimit: {
      requests: 1_000,
      perMillis: DAY,
      answer: refusal(429, 'Daily rate limit of 1000 requests exceeded for this endpoint.'),
    },
    routes: {
      'GET /api/v2/check': (request) => check(request, clock),
      'POST /api/v2/report': (request) => report(request, reported, clock),
    },
  });
  return { server, reported, config: { base_url: `${server.url}/api/v2` }, secrets: { api_key: API_KEY } };
};

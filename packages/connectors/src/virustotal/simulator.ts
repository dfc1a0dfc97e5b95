import { isIP } from 'node:net';
import {
  createSimulator,
  type SimulatorAnswer,
  type SimulatorFactory,
  type SimulatorRequest,
} from '@counterpoint/connector-kit/simulator';
import { type Clock, systemClock } from '@counterpoint/core';
import { simulatedFile, simulatedThreat } from '../simulated-threats.ts';

const API_KEY = 'lab-virustotal-key';

function refusal(status: number, code: string, message: string): SimulatorAnswer {
  return { status, body: { error: { code, message } } };
}

function authenticate({ headers }: SimulatorRequest): SimulatorAnswer | undefined {
  const key = headers['x-apikey'];
  if (key === undefined) return refusal(401, 'AuthenticationRequiredError', 'X-Apikey header is missing');
  return key === API_KEY ? undefined : refusal(401, 'WrongCredentialsError', 'Wrong API key');
}

function ipAddress({ params }: SimulatorRequest, clock: Clock): SimulatorAnswer {
  const ip = params.ip ?? '';
  if (isIP(ip) === 0) return refusal(400, 'InvalidArgumentError', `"${ip}" is not a valid IP address`);
  const { malicious, suspicious, harmless, owner, country } = simulatedThreat(ip);
  const undetected = Math.max(0, 94 - malicious - suspicious - harmless);
  const attributes = {
    as_owner: owner,
    asn: 64_496,
    country,
    network: isIP(ip) === 4 ? `${ip.split('.').slice(0, 3).join('.')}.0/24` : '2001:db8::/32',
    reputation: malicious > 2 ? -malicious : 0,
    last_analysis_date: Math.floor(clock.now() / 1_000) - 7_200,
    last_analysis_stats: { malicious, suspicious, harmless, undetected, timeout: 0 },
    last_analysis_results: {},
    total_votes: { harmless: 0, malicious: 0 },
  };
  const self = `https://www.virustotal.com/api/v3/ip_addresses/${ip}`;
  return { body: { data: { id: ip, type: 'ip_address', links: { self }, attributes } } };
}

function file({ params }: SimulatorRequest, clock: Clock): SimulatorAnswer {
  const id = params.id ?? '';
  const known = simulatedFile(id);
  if (!known) return refusal(404, 'NotFoundError', `File "${id}" not found`);
  const { malicious, suspicious, name, kind, threat } = known;
  const attributes = {
    sha256: id,
    meaningful_name: name,
    type_description: kind,
    ...(threat === null ? {} : { popular_threat_classification: { suggested_threat_label: threat } }),
    last_analysis_date: Math.floor(clock.now() / 1_000) - 7_200,
    last_analysis_stats: {
      malicious,
      suspicious,
      harmless: 0,
      undetected: 70 - malicious - suspicious,
      timeout: 0,
      'confirmed-timeout': 0,
      failure: 0,
      'type-unsupported': 4,
    },
    last_analysis_results: {},
  };
  const self = `https://www.virustotal.com/api/v3/files/${id}`;
  return { body: { data: { id, type: 'file', links: { self }, attributes } } };
}

/** Starts a simulated VirusTotal with a paid quota (1,000 look-ups a minute). */
export const simulate: SimulatorFactory = async ({ clock = systemClock, port = 0 } = {}) => {
  const server = await createSimulator({
    clock,
    port,
    authenticate,
    rateLimit: { requests: 1_000, perMillis: 60_000, answer: refusal(429, 'QuotaExceededError', 'Quota exceeded') },
    unknown: refusal(404, 'NotFoundError', 'Resource not found.'),
    routes: {
      'GET /api/v3/ip_addresses/:ip': (request) => ipAddress(request, clock),
      'GET /api/v3/files/:id': (request) => file(request, clock),
    },
  });
  return { server, config: { base_url: `${server.url}/api/v3` }, secrets: { api_key: API_KEY } };
};

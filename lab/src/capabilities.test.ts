import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalTarget } from '@counterpoint/actions';
import type { CapabilityContract, Connector } from '@counterpoint/connector-kit';
import { callSimulator, type RunningProvider, testCapability } from '@counterpoint/connector-kit/testing';
import { connectors } from '@counterpoint/connectors';
import { labSample, simulators } from '@counterpoint/connectors/simulators';
import { type JsonObject, manualClock } from '@counterpoint/core';
import { manifestOf, parseParticipant } from '@counterpoint/fabric';
import { describe, expect, it } from 'vitest';
import { createDirectory } from './participants/directory.ts';
import { createDnsSinkhole } from './participants/dns-sinkhole.ts';
import { createEndpoint } from './participants/endpoint.ts';
import { createMailGateway } from './participants/mail-gateway.ts';
import { createProxy } from './participants/proxy.ts';
import { answering, Refusal, type Tool } from './participants/tool.ts';

const CONTENT = join(import.meta.dirname, '../../content');

const contracts = new Map(
  globSync('capabilities/*.json', { cwd: CONTENT }).map((file) => {
    const contract = JSON.parse(readFileSync(join(CONTENT, file), 'utf8')) as CapabilityContract & {
      capability: string;
    };
    return [contract.capability, contract] as const;
  }),
);

/** For each capability: what any provider must take, and what none may act on. */
const CASES: Readonly<
  Record<string, { readonly samples: readonly JsonObject[]; readonly hostile: readonly JsonObject[] }>
> = {
  block_ip: ips(),
  lookup_ip: ips(),
  block_url: {
    samples: [{ url: 'http://evil.example/gate.php?id=1' }, { url: 'https://[2001:db8::66]:8443/a' }],
    hostile: [{ url: 'javascript:alert(1)' }, { url: 'file:///etc/passwd' }, { url: 'evil.example' }, { url: '*' }],
  },
  block_domain: {
    samples: [{ domain: 'c2.evil.example' }, { domain: 'xn--bcher-kva.example' }],
    hostile: [
      { domain: '.' },
      { domain: '*' },
      { domain: 'com' },
      { domain: 'a b.example' },
      { domain: '203.0.113.66' },
    ],
  },
  block_file: hashes(),
  lookup_file: hashes(),
  quarantine_mail: hashes(),
  isolate_host: {
    samples: [{ host: 'ws-042' }, { host: 'ws-042.corp.example' }],
    hostile: [{ host: '*' }, { host: 'ws 042' }, { host: 'ws-042;reboot' }, { host: '../ws-042' }],
  },
  disable_user: {
    samples: [{ account: 'alice' }, { account: 'alice@corp.example' }],
    hostile: [
      { account: '*' },
      { account: 'alice*' },
      { account: 'a\nb' },
      { account: 'alice@corp.example@corp.example' },
    ],
  },
  detonate_file: {
    samples: [
      { name: 'invoice.exe', content_base64: bad().toString('base64') },
      { name: 'notes ü.txt', content_base64: Buffer.from('hello').toString('base64') },
    ],
    hostile: [
      { name: '../../etc/cron.d/x', content_base64: 'aGVsbG8=' },
      { name: 'a\r\nContent-Type: x', content_base64: 'aGVsbG8=' },
      { name: 'a.exe', content_base64: 'not base64!' },
    ],
  },
};

function bad(): Buffer {
  return labSample({
    score: 9,
    hosts: ['203.0.113.66'],
    domains: [{ domain: 'c2.evil.example', ip: '203.0.113.66' }],
    urls: ['http://c2.evil.example/gate.php'],
    drops: [],
  });
}

function ips() {
  return {
    samples: [{ ip: '203.0.113.66' }, { ip: '2001:db8:bad::66' }],
    hostile: [
      { ip: 'evil.example' },
      { ip: '203.0.113.0/24' },
      { ip: '1.2.3' },
      { ip: '@banned_v4' },
      { ip: '../admin' },
    ],
  };
}

function hashes() {
  return {
    samples: [
      { sha256: 'a'.repeat(64) },
      { sha256: '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f' },
    ],
    hostile: [
      { sha256: 'd41d8cd98f00b204e9800998ecf8427e' },
      { sha256: 'g'.repeat(64) },
      { sha256: `${'a'.repeat(61)}/..` },
    ],
  };
}

/** A connector with its product simulated. */
async function startConnector(connector: Connector): Promise<RunningProvider> {
  const clock = manualClock();
  const simulator = await simulators[connector.manifest.id as keyof typeof simulators]({ clock });
  return {
    perform: (action, input) => connector.perform(action, callSimulator(connector, simulator, input)),
    advance: (milliseconds) => clock.advance(milliseconds),
    close: () => simulator.server.close(),
  };
}

const TOOLS: Readonly<Record<string, () => Tool>> = {
  directory: createDirectory,
  dns_sinkhole: createDnsSinkhole,
  endpoint: createEndpoint,
  mail_gateway: createMailGateway,
  proxy: createProxy,
};

/** What the declaration of a participant makes of it: a connector. */
function manifestOfTool(id: string) {
  const { participant, findings } = parseParticipant(readFileSync(join(CONTENT, `participants/${id}.yaml`), 'utf8'), {
    contracts,
  });
  if (!participant) throw new Error(`${id}: ${JSON.stringify(findings)}`);
  return manifestOf(participant.declaration, 'unless_said');
}

async function startTool(tool: Tool): Promise<RunningProvider> {
  const answer = answering(tool);
  let calls = 0;
  return {
    perform: async (action, input) => answer(action, input, `call ${++calls}`),
    advance: () => {},
    close: async () => {},
  };
}

const providers = [
  ...[...connectors.values()].map((connector) => ({
    manifest: connector.manifest,
    start: () => startConnector(connector),
  })),
  ...Object.entries(TOOLS).map(([id, create]) => ({ manifest: manifestOfTool(id), start: () => startTool(create()) })),
];

describe('every capability', () => {
  it.each([...contracts.keys()])('%s has a provider in the tree, and cases to try it with', (capability) => {
    expect(providers.filter(({ manifest }) => manifest.capabilities?.[capability])).not.toEqual([]);
    expect(CASES[capability]?.samples.length).toBeGreaterThan(1);
  });

  it('that something provides has a contract', () => {
    const named = providers.flatMap(({ manifest }) => Object.keys(manifest.capabilities ?? {}));
    expect(named.filter((name) => !contracts.has(name))).toEqual([]);
  });
});

describe('the participants of the lab', () => {
  it.each(Object.entries(TOOLS))('%s does what its declaration offers, and nothing else', (id, create) => {
    expect(Object.keys(create().actions).sort()).toEqual(Object.keys(manifestOfTool(id).actions).sort());
  });

  it('answer an attempt that comes again as before, and refuse what they do not offer', () => {
    const proxy = createProxy();
    const answer = answering(proxy);
    const url = 'http://evil.example/';
    expect(answer('block_url', { url }, 'one')).toEqual({ url, already_blocked: false });
    expect(answer('block_url', { url }, 'one')).toEqual({ url, already_blocked: false });
    expect(answer('block_url', { url }, 'two')).toEqual({ url, already_blocked: true });
    expect(() => answer('reboot', {}, 'three')).toThrow(Refusal);
  });
});

for (const provider of providers) {
  for (const capability of Object.keys(provider.manifest.capabilities ?? {})) {
    const contract = contracts.get(capability);
    const cases = CASES[capability];
    if (contract && cases) testCapability({ capability, contract, provider, ...cases, canonicalTarget });
  }
}

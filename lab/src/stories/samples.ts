import { createHash } from 'node:crypto';
import { labSample, type SampleBehaviour } from '@counterpoint/connectors/simulators';
import type { Mail } from '../participants/mail-gateway.ts';

/** A malicious attachment, and what it does when it runs. */
export interface Sample {
  readonly mail: Mail;
  readonly sha256: string;
  readonly ip: string;
  readonly domain: string;
  readonly url: string;
}

interface Wish {
  readonly mail: Omit<Mail, 'attachment'>;
  readonly name: string;
  readonly ip: string;
  readonly domain: string;
  /** Names that it asks for besides its own domain. */
  readonly others?: readonly string[];
}

function sample({ mail, name, ip, domain, others = [] }: Wish): Sample {
  const url = `http://${domain}/gate.php`;
  const behaviour: SampleBehaviour = {
    score: 9.2,
    hosts: [ip],
    domains: [domain, ...others].map((one) => ({ domain: one, ip })),
    urls: [url],
    drops: ['payload.dll'],
  };
  const bytes = labSample(behaviour, name);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { mail: { ...mail, attachment: { name, bytes } }, sha256, ip, domain, url };
}

/** Told apart from those of an earlier play, which the tools know already. */
const nth = (text: string, n: number): string => (n === 0 ? text : `${text}${n}`);

/** The attachment of the first mail. */
export function firstSample(n: number): Sample {
  return sample({
    mail: {
      from: 'billing@supplier.example',
      to: ['alice@corp.example', 'bob@corp.example'],
      subject: 'Overdue invoice',
    },
    name: 'invoice.exe',
    ip: n === 0 ? '203.0.113.66' : `203.0.113.${68 + ((2 * n) % 180)}`,
    domain: `${nth('c2', n)}.evil.example`,
  });
}

/** That of the second, which also asks for the domain of the first. */
export function secondSample(n: number): Sample {
  return sample({
    mail: { from: 'parcels@courier.example', to: ['carol@corp.example'], subject: 'Your parcel' },
    name: 'label.exe',
    ip: n === 0 ? '203.0.113.67' : `203.0.113.${69 + ((2 * n) % 180)}`,
    domain: `${nth('drop', n)}.worse.example`,
    others: [firstSample(n).domain],
  });
}

/** The program that appears on a machine, and comes by mail as well. */
export function foundSample(n: number): Sample {
  const ip = '203.0.113.66';
  const domain = `${nth('c2', n)}.evil.example`;
  const behaviour: SampleBehaviour = {
    score: 8.6,
    hosts: [ip],
    domains: [{ domain, ip }],
    urls: [`http://${domain}/gate.php`],
    drops: [],
  };
  const bytes = labSample(behaviour, 'hybrid');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const mail = { from: 'billing@supplier.example', to: ['alice@corp.example'], subject: 'Overdue invoice' };
  return {
    mail: { ...mail, attachment: { name: 'invoice.exe', bytes } },
    sha256,
    ip,
    domain,
    url: behaviour.urls[0] ?? '',
  };
}

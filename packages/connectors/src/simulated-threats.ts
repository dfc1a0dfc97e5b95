/**
 * What the simulated reputation feeds know. The addresses come from the documentation ranges of RFC 5737 and RFC 3849,
 * so that none is anybody's.
 */
export interface SimulatedThreat {
  /** AbuseIPDB's confidence, 0 to 100. */
  readonly abuseScore: number;
  readonly reports: number;
  readonly whitelisted: boolean;
  /** GreyNoise's classification; undefined: never seen. */
  readonly classification: 'malicious' | 'suspicious' | 'benign' | undefined;
  readonly riot: boolean;
  /** VirusTotal's engines. */
  readonly malicious: number;
  readonly suspicious: number;
  readonly harmless: number;
  readonly owner: string;
  readonly country: string;
}

const UNKNOWN: SimulatedThreat = {
  abuseScore: 0,
  reports: 0,
  whitelisted: false,
  classification: undefined,
  riot: false,
  malicious: 0,
  suspicious: 0,
  harmless: 4,
  owner: 'Example Networks',
  country: 'NL',
};

const BAD: SimulatedThreat = {
  ...UNKNOWN,
  abuseScore: 100,
  reports: 1_842,
  classification: 'malicious',
  malicious: 14,
  suspicious: 2,
  harmless: 50,
  owner: 'Example Bulletproof Hosting',
};

const THREATS: Readonly<Record<string, SimulatedThreat>> = {
  // Bad everywhere.
  '203.0.113.66': BAD,
  '203.0.113.67': { ...BAD, abuseScore: 92, reports: 311, malicious: 7 },
  '2001:db8:bad::66': { ...BAD, owner: 'Example Bulletproof Hosting v6' },
  // The feeds disagree.
  '198.51.100.7': { ...UNKNOWN, abuseScore: 38, reports: 9, malicious: 1, suspicious: 1, harmless: 60 },
  '198.51.100.8': { ...UNKNOWN, abuseScore: 81, reports: 40, classification: 'benign', harmless: 62 },
  // Known and good.
  '192.0.2.10': {
    ...UNKNOWN,
    whitelisted: true,
    classification: 'benign',
    riot: true,
    harmless: 68,
    owner: 'Example Monitoring',
  },
};

/** What the feeds know of an address. */
export function simulatedThreat(ip: string): SimulatedThreat {
  return (Object.hasOwn(THREATS, ip) ? THREATS[ip] : undefined) ?? UNKNOWN;
}

/** What the engines of the simulated VirusTotal say of a file; undetected makes up for the rest of seventy. */
export interface SimulatedFile {
  readonly malicious: number;
  readonly suspicious: number;
  readonly name: string;
  readonly kind: string;
  readonly threat: string | null;
}

const FILES: Readonly<Record<string, SimulatedFile>> = {
  // The EICAR test file, which every engine knows.
  '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f': {
    malicious: 62,
    suspicious: 0,
    name: 'eicar.com',
    kind: 'Powershell',
    threat: 'virus.eicar/test',
  },
  // The empty file.
  e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855: {
    malicious: 0,
    suspicious: 0,
    name: 'empty.txt',
    kind: 'unknown',
    threat: null,
  },
};

/** What the feeds know of a file by its SHA-256; undefined when they never saw it. */
export function simulatedFile(sha256: string): SimulatedFile | undefined {
  return Object.hasOwn(FILES, sha256) ? FILES[sha256] : undefined;
}

/** What is needed to show how something is sent to a source. */
export interface Sending {
  readonly url: string;
  readonly auth: 'token' | 'signature';
  /** What will read it; empty: none. */
  readonly normalizer: string;
  /** The secret, right after it was made; undefined: it is not known any more. */
  readonly secret?: string | undefined;
}

/** Harmless findings as the tools themselves write them; for any other normaliser, what most read. */
const SAMPLES: Readonly<Record<string, object>> = {
  wazuh: {
    rule: { id: '100001', level: 3, description: 'A test of this source' },
    agent: { id: '000', name: 'test' },
    data: { srcip: '198.51.100.23' },
  },
  suricata_eve: {
    event_type: 'alert',
    src_ip: '198.51.100.23',
    dest_ip: '192.0.2.1',
    alert: { signature_id: 1, severity: 3, signature: 'A test of this source' },
  },
};
const ANY = { title: 'A test of this source', severity: 'low', src_ip: '198.51.100.23' };

/** A harmless record that a normaliser makes one alert of, as JSON. */
export function sampleFor(normalizer: string): string {
  return JSON.stringify(SAMPLES[normalizer] ?? ANY);
}

/** Shell lines that send one harmless sample to a source. */
export function exampleOf({ url, auth, normalizer, secret }: Sending): string {
  const sample = sampleFor(normalizer);
  if (auth === 'token') {
    return [
      `curl -sS '${url}' \\`,
      `  -H 'authorization: Bearer ${secret ?? 'cps_…'}' \\`,
      `  -H 'content-type: application/json' \\`,
      `  -d '${sample}'`,
    ].join('\n');
  }
  return [
    `SECRET='${secret ?? 'whsec_…'}'`,
    `BODY='${sample}'`,
    'ID="msg_$(date +%s)"; TS="$(date +%s)"',
    `KEY="$(printf %s "\${SECRET#whsec_}" | base64 -d | od -An -v -tx1 | tr -d ' \\n')"`,
    'SIG="$(printf %s "$ID.$TS.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64 -w0)"',
    `curl -sS '${url}' \\`,
    '  -H "webhook-id: $ID" -H "webhook-timestamp: $TS" -H "webhook-signature: v1,$SIG" \\',
    `  -H 'content-type: application/json' -d "$BODY"`,
  ].join('\n');
}

/** The windows within which findings with one key count as one alert, to choose from. */
export const WINDOWS: readonly { readonly value: string; readonly label: string }[] = [
  { value: '0s', label: 'none: every finding is an alert' },
  { value: '15m', label: '15 minutes' },
  { value: '1h', label: '1 hour' },
  { value: '6h', label: '6 hours' },
  { value: '24h', label: '1 day' },
  { value: '7d', label: '7 days' },
];

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];

/** A window as the API takes it: `6h`. */
export function windowText(millis: number): string {
  const [unit, size] = UNITS.find(([, each]) => millis >= each && millis % each === 0) ?? ['ms', 1];
  const text = millis === 0 ? '0s' : `${millis / size}${unit}`;
  return text === '1d' ? '24h' : text;
}

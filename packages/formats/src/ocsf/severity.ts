/** The severities of OCSF (`severity_id`, base event) by the word we use. */
export const severityIds = {
  unknown: 0,
  informational: 1,
  low: 2,
  medium: 3,
  high: 4,
  critical: 5,
  fatal: 6,
  other: 99,
} as const;

/** A severity by name. */
export type SeverityName = keyof typeof severityIds;
/** A severity by OCSF id. */
export type SeverityId = (typeof severityIds)[SeverityName];

/**
 * How a source counts:
 * - `ocsf`: 0 to 6, and 99
 * - `suricata`: priorities, 1 is the worst and 3 the usual least (Suricata rule keyword `priority`)
 * - `wazuh`: rule levels 0 to 15 (16 too); 3, 7, 12 and 15 begin low, medium, high and critical
 * - `cvss`: 0 to 10, by the rating scale of CVSS 3.1 §5
 * - `percent`: 0 to 100, the CVSS scale times ten
 * - `syslog`: 7 (debug) to 0 (emergency), RFC 5424 §6.2.1
 */
export type SeverityScale = 'ocsf' | 'suricata' | 'wazuh' | 'cvss' | 'percent' | 'syslog';

const WORDS: Readonly<Record<string, SeverityName>> = {
  info: 'informational',
  information: 'informational',
  informative: 'informational',
  notice: 'low',
  debug: 'informational',
  none: 'informational',
  minor: 'low',
  minimal: 'low',
  moderate: 'medium',
  med: 'medium',
  warning: 'medium',
  warn: 'medium',
  major: 'high',
  error: 'high',
  err: 'high',
  important: 'high',
  severe: 'high',
  crit: 'critical',
  urgent: 'critical',
  alert: 'critical',
  veryhigh: 'critical',
  emergency: 'fatal',
  emerg: 'fatal',
  panic: 'fatal',
};

const NAMES = Object.fromEntries(Object.entries(severityIds).map(([name, id]) => [id, name]));

/** The name of an OCSF severity id; `unknown` for an id that OCSF does not define. */
export function severityName(id: number): SeverityName {
  return (NAMES[id] as SeverityName | undefined) ?? 'unknown';
}

/**
 * The OCSF severity of what a source says: a word in any case (`High`, `warning`, `very_high`) or a number on `scale`,
 * also as text. `unknown` when it is neither, so nothing is ever guessed.
 */
export function severityFrom(value: unknown, scale: SeverityScale = 'ocsf'): SeverityName {
  if (typeof value === 'number') return fromNumber(value, scale);
  if (typeof value !== 'string') return 'unknown';
  const word = value.toLowerCase().replaceAll(/[\s_-]+/g, '');
  if (word === '') return 'unknown';
  if (Object.hasOwn(severityIds, word)) return word as SeverityName;
  if (Object.hasOwn(WORDS, word)) return WORDS[word] ?? 'unknown';
  return fromNumber(Number(word), scale);
}

function fromNumber(value: number, scale: SeverityScale): SeverityName {
  if (!Number.isFinite(value) || value < 0) return 'unknown';
  switch (scale) {
    case 'ocsf':
      return severityName(value);
    case 'suricata':
      return value < 1 ? 'unknown' : ((['high', 'medium', 'low'] as const)[Math.floor(value) - 1] ?? 'informational');
    case 'wazuh':
      return step(value, 15, 12, 7, 3);
    case 'cvss':
      return value > 10 ? 'unknown' : step(value, 9, 7, 4, Number.MIN_VALUE);
    case 'percent':
      return value > 100 ? 'unknown' : step(value, 90, 70, 40, Number.MIN_VALUE);
    case 'syslog':
      return SYSLOG[value] ?? 'unknown';
  }
}

const SYSLOG: readonly SeverityName[] = [
  'fatal',
  'critical',
  'critical',
  'high',
  'medium',
  'low',
  'informational',
  'informational',
];

function step(value: number, critical: number, high: number, medium: number, low: number): SeverityName {
  if (value >= critical) return 'critical';
  if (value >= high) return 'high';
  if (value >= medium) return 'medium';
  return value >= low ? 'low' : 'informational';
}

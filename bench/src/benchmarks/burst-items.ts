/** The fields of an EVE alert that the burst varies; the rest stays as Suricata wrote it. */
export interface EveAlert {
  readonly timestamp: string;
  readonly flow_id: number;
  readonly src_ip: string;
  readonly dest_ip: string;
  readonly flow: { readonly start: string };
}

/** How many items must end with which decision. */
export interface Decisions {
  readonly created: number;
  readonly merged: number;
  readonly duplicate: number;
}

/** What is sent in a burst, one body a line, and what must become of it. */
export interface Burst {
  readonly lines: readonly string[];
  readonly expected: Decisions;
}

type Kind = 'new' | 'seen again' | 'delivered again' | 'recorded again';

/** Of twenty items fourteen are new, four are seen again and two are sent again. */
function kindOf(index: number): Kind {
  const place = index % 20;
  if (place < 14) return 'new';
  if (place < 18) return 'seen again';
  return place === 18 ? 'delivered again' : 'recorded again';
}

/** Microseconds, as Suricata writes times. */
function eveTime(millis: number): string {
  return new Date(millis).toISOString().replace('Z', '000+0000');
}

/** Addresses of 198.18.0.0/15, which RFC 2544 keeps for benchmarks: the attackers' half and the targets' half. */
function addresses(pair: number): { readonly src_ip: string; readonly dest_ip: string } {
  const host = `${(pair >> 8) & 255}.${pair & 255}`;
  return { src_ip: `198.18.${host}`, dest_ip: `198.19.${host}` };
}

/**
 * Makes a burst out of real alerts:
 * - new: two hosts that no item before it had;
 * - seen again: hosts and rule of an earlier item, in another flow at another time, to be counted on its alert;
 * - sent again: an earlier body byte for byte, or the same record in other bytes; both are duplicates.
 *
 * @param count at most 65,536, so that host pairs do not come around
 * @param now Unix milliseconds; the first item's time
 */
export function makeBurst(templates: readonly EveAlert[], count: number, now: number): Burst {
  const lines: string[] = [];
  const findings: { readonly template: EveAlert; readonly pair: number }[] = [];
  const expected = { created: 0, merged: 0, duplicate: 0 };
  for (let index = 0; index < count; index += 1) {
    const kind = kindOf(index);
    if (kind === 'delivered again' || kind === 'recorded again') {
      const earlier = lines[index >> 1];
      lines.push(kind === 'delivered again' ? `${earlier}` : `${earlier} `);
      expected.duplicate += 1;
      continue;
    }
    const known = kind === 'seen again' ? findings[findings.length >> 1] : undefined;
    const template = known?.template ?? templates[index % templates.length];
    if (!template) throw new RangeError('a burst needs at least one alert to vary');
    const pair = known?.pair ?? findings.length;
    if (known) expected.merged += 1;
    else {
      expected.created += 1;
      findings.push({ template, pair });
    }
    lines.push(vary(template, pair, index, now));
  }
  return { lines, expected };
}

function vary(template: EveAlert, pair: number, index: number, now: number): string {
  const ends = addresses(pair);
  const time = eveTime(now + index);
  return JSON.stringify({
    ...template,
    ...ends,
    timestamp: time,
    flow_id: 1_000_000_000_000_000 + index,
    flow: { ...template.flow, ...ends, start: time },
  });
}

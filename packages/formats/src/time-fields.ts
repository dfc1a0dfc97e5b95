/** A time as it is written, field by field; months count from 1, a missing zone is UTC. */
export interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** The digits behind the decimal point; what is finer than a millisecond is cut off. */
  readonly fraction?: string | undefined;
  /** `Z`, `UTC`, `+02:00`, `+0200`, `+02`. */
  readonly zone?: string | undefined;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
// RFC 5322 §4.3 names these zones and no others.
const ZONES: Readonly<Record<string, number>> = {
  Z: 0,
  UT: 0,
  UTC: 0,
  GMT: 0,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

/** The month, from 1, of an English name or its first three letters. */
export function monthOf(name: string): number | undefined {
  const index = MONTHS.indexOf(name.slice(0, 3).toLowerCase());
  return index === -1 ? undefined : index + 1;
}

/** Minutes east of Greenwich; 0 without a zone, undefined for one that is not known. */
export function zoneMinutes(zone: string | undefined): number | undefined {
  if (zone === undefined) return 0;
  const named = ZONES[zone.toUpperCase()];
  if (named !== undefined) return named;
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (match === null) return undefined;
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 15 || minutes > 59) return undefined;
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** Milliseconds since 1970, or undefined when a field is out of its range (30 February, 25 o'clock). */
export function fieldsToMs(fields: Fields): number | undefined {
  const { year, month, day, hour, minute, second, fraction, zone } = fields;
  const offset = zoneMinutes(zone);
  if (offset === undefined) return undefined;
  if (!(hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60)) return undefined;
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || year < 100) return undefined;
  const ms = fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
  return midnight + ((hour * 60 + minute - offset) * 60 + second) * 1000 + ms;
}

import { bothTimes } from '../../ui/times.ts';

/** One line of an item as pretty-printed JSON. */
export interface ItemLine {
  /** JSON Pointer of the value that the line shows or begins; empty for the whole item. */
  readonly place: string;
  readonly text: string;
  readonly depth: number;
}

const MOST_LINES = 2_000;

const escaped = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** An item as lines that can be marked one by one, at most 2,000; every line knows what of the item it shows. */
export function itemLines(value: unknown): readonly ItemLine[] {
  const lines: ItemLine[] = [];
  const add = (place: string, depth: number, text: string) => {
    if (lines.length < MOST_LINES) lines.push({ place, depth, text });
  };
  const walk = (inner: unknown, place: string, depth: number, before: string, after: string): void => {
    if (lines.length >= MOST_LINES) return;
    if (inner === null || typeof inner !== 'object' || Object.keys(inner).length === 0) {
      add(place, depth, `${before}${JSON.stringify(inner) ?? 'null'}${after}`);
      return;
    }
    const list = Array.isArray(inner);
    add(place, depth, `${before}${list ? '[' : '{'}`);
    const entries = Object.entries(inner);
    for (const [index, [key, one]] of entries.entries()) {
      const comma = index === entries.length - 1 ? '' : ',';
      walk(one, `${place}/${escaped(key)}`, depth + 1, list ? '' : `${JSON.stringify(key)}: `, comma);
    }
    add(place, depth, `${list ? ']' : '}'}${after}`);
  };
  walk(value, '', 0, '', '');
  return lines;
}

/** Whether a line shows something of a place: the value itself, or a part of it. */
export function isPartOf(line: Pick<ItemLine, 'place'>, places: readonly string[]): boolean {
  return places.some((place) => line.place === place || line.place.startsWith(`${place}/`));
}

/** A field with the places that it was taken from. */
interface Placed {
  readonly target: string;
  readonly places: readonly string[];
}

/** Which fields were taken from what a line shows, the nearest first found: for those who point at the raw side. */
export function fieldsFrom(line: Pick<ItemLine, 'place'>, fields: readonly Placed[]): readonly string[] {
  return fields.filter(({ places }) => isPartOf(line, places)).map(({ target }) => target);
}

const NAMES: Readonly<Record<string, string>> = {
  time: 'Time',
  severity: 'Severity',
  'finding_info.title': 'Title',
  'finding_info.desc': 'Description',
  'finding_info.types': 'Kind',
  'finding_info.analytic.name': 'Rule',
  'finding_info.analytic.uid': 'Rule id',
  'device.hostname': 'Host',
  'device.ip': 'Host address',
  'actor.user.name': 'User',
  'evidences[0].src_endpoint.ip': 'From address',
  'evidences[0].src_endpoint.port': 'From port',
  'evidences[0].src_endpoint.hostname': 'From host',
  'evidences[0].dst_endpoint.ip': 'To address',
  'evidences[0].dst_endpoint.port': 'To port',
  'evidences[0].dst_endpoint.hostname': 'To host',
  'evidences[0].url.url_string': 'URL',
  'evidences[0].file.name': 'File',
  'evidences[0].process.name': 'Process',
  'evidences[0].process.cmd_line': 'Command line',
  'evidences[0].email.from': 'Mail from',
  'evidences[0].email.to': 'Mail to',
  'evidences[0].email.subject': 'Subject',
};

/** What people call an attribute of a finding; the attribute itself where there is no better word. */
export function nameOfField(target: string): string {
  return NAMES[target] ?? target;
}

/** The value of a field as text: times as times, lists with commas between. */
export function shownValue(target: string, value: unknown): string {
  if (typeof value === 'number' && /(?:^|[._])time$/.test(target)) return bothTimes(value);
  if (Array.isArray(value)) return value.map((one) => shownValue('', one)).join(', ');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** One line of the summary: what it is, and what it says. */
export interface Fact {
  readonly target: string;
  readonly name: string;
  readonly value: string;
}

const WHAT = ['finding_info.types', 'finding_info.analytic.name', 'finding_info.analytic.uid', 'finding_info.desc'];

/** Reads an attribute such as `evidences[0].src_endpoint.ip` of a finding. */
export function attributeOf(finding: unknown, target: string): unknown {
  return target
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .reduce<unknown>(
      (inner, key) =>
        inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key)
          ? (inner as Readonly<Record<string, unknown>>)[key]
          : undefined,
      finding,
    );
}

/** Who, what and where of a finding, in the order in which people ask. */
export function factsOf(finding: unknown): readonly Fact[] {
  const known = Object.keys(NAMES).filter((target) => !['time', 'severity', 'finding_info.title'].includes(target));
  const order = [...WHAT, ...known.filter((target) => !WHAT.includes(target))];
  return order.flatMap((target): Fact[] => {
    const value = attributeOf(finding, target);
    const texts = [value].flat().filter((one) => typeof one === 'string' || typeof one === 'number');
    if (texts.length === 0) return [];
    return [{ target, name: nameOfField(target), value: texts.map(String).join(', ') }];
  });
}

/** ATT&CK techniques and tactics of a finding, as people write them: `T1110.001 Password Guessing`. */
export function attacksOf(finding: unknown): readonly string[] {
  const attacks = attributeOf(finding, 'finding_info.attacks');
  if (!Array.isArray(attacks)) return [];
  return attacks.flatMap((attack) => {
    const named = ['sub_technique', 'technique', 'tactic'].map((part) => attributeOf(attack, part));
    const [best] = named.filter((part) => part !== undefined);
    const words = [attributeOf(best, 'uid'), attributeOf(best, 'name')].filter((part) => typeof part === 'string');
    return words.length === 0 ? [] : [words.join(' ')];
  });
}

import { nextFire } from '../cron.ts';
import { type DocumentNode, entryOf, type MapNode } from '../document/node.ts';
import type { Trigger } from '../plan.ts';
import { expression } from './code.ts';
import type { Part, Reading } from './context.ts';
import { asList, asMap, asText, child, flag, oneOf, refuseOthers, requireField, text, wrongType } from './fields.ts';
import { asSchema, readForm } from './schemas.ts';

/** The kinds of triggers and the fields that come with each, besides `id`. */
export const TRIGGER_FIELDS = {
  topic: ['topic', 'when'],
  alert: ['alert', 'when'],
  webhook: ['webhook', 'sync', 'schema', 'when'],
  manual: ['manual'],
  schedule: ['schedule', 'time_zone', 'missed'],
  case: ['case', 'when'],
  page: ['page', 'form', 'public'],
} as const;

type TriggerKind = keyof typeof TRIGGER_FIELDS;

const PATH = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** More would make checking slow: everything is checked for each of them. */
const MAX_TRIGGERS = 10;

/** The triggers of `on`. */
export function readTriggers(part: Part, reading: Reading): readonly Trigger[] {
  const node = child(part, 'on');
  const list = node && asList(node, 'on', reading);
  if (list?.items.length === 0) reading.report.add('empty_list', list.position, { field: 'on' });
  if (list && list.items.length > MAX_TRIGGERS) {
    reading.report.add('too_many_parts', list.position, { limit: MAX_TRIGGERS, what: 'triggers' });
  }
  const lines = new Map<string, number>();
  return (list?.items ?? []).slice(0, MAX_TRIGGERS).flatMap((item) => {
    const map = asMap(item, 'each item of on', reading);
    const trigger = map && readTrigger(map, reading);
    if (!map || !trigger) return [];
    const first = lines.get(trigger.id);
    if (first !== undefined) reading.report.add('duplicate_trigger', map.position, { id: trigger.id, line: first });
    else lines.set(trigger.id, map.position.line);
    reading.origins.triggers.set(trigger, map);
    return [trigger];
  });
}

function readTrigger(node: MapNode, reading: Reading): Trigger | undefined {
  const kinds = (Object.keys(TRIGGER_FIELDS) as TriggerKind[]).filter((kind) => entryOf(node, kind));
  const [kind, other] = kinds;
  if (!kind || other) {
    reading.report.add('trigger_kind', node.position, {});
    return undefined;
  }
  const part: Part = { node, name: `the trigger ${kind}` };
  refuseOthers(part, ['id', ...TRIGGER_FIELDS[kind]], reading);
  return build(kind, part, reading);
}

function build(kind: TriggerKind, part: Part, reading: Reading): Trigger {
  const ownId = text(part, 'id', reading);
  const when = () => expression(part, 'when', reading);
  switch (kind) {
    case 'topic': {
      const topic = name(part, 'topic', reading);
      return { kind, id: ownId ?? `topic:${topic}`, topic, when: when() };
    }
    case 'webhook': {
      const path = pathName(part, 'webhook', reading);
      const node = child(part, 'schema');
      const schema = node && asSchema(node, 'schema', reading);
      return {
        kind,
        id: ownId ?? `webhook:${path}`,
        path,
        sync: flag(part, 'sync', false, reading),
        when: when(),
        schema,
      };
    }
    case 'schedule':
      return schedule(part, ownId, reading);
    case 'page': {
      const path = pathName(part, 'page', reading);
      requireField(part, 'form', reading);
      const form = readForm(part, 'form', reading) ?? { type: 'object' };
      return { kind, id: ownId ?? `page:${path}`, path, form, public: flag(part, 'public', false, reading) };
    }
    case 'manual':
      plain(part, kind, reading);
      return { kind, id: ownId ?? kind };
    default:
      plain(part, kind, reading);
      return { kind, id: ownId ?? kind, when: when() };
  }
}

/** `alert: {}` and `alert: true` say the same. */
function plain(part: Part, field: string, reading: Reading): void {
  const node: DocumentNode | undefined = child(part, field);
  if (!node || (node.kind === 'scalar' && node.value === true)) return;
  if (node.kind === 'map') refuseOthers({ node, name: field }, [], reading);
  else wrongType(node, field, '{} or true', reading);
}

function name(part: Part, field: string, reading: Reading): string {
  const node = requireField(part, field, reading);
  return (node && asText(node, field, reading)) ?? '';
}

function pathName(part: Part, field: string, reading: Reading): string {
  const node = requireField(part, field, reading);
  const path = (node && asText(node, field, reading)) ?? '';
  if (node && path !== '' && !PATH.test(path)) {
    const expected = 'one path segment of lower-case letters, digits, "-" and "_"';
    reading.report.add('wrong_value', node.position, { field, expected, actual: JSON.stringify(path) });
  }
  return path;
}

function schedule(part: Part, ownId: string | undefined, reading: Reading): Trigger {
  const cron = name(part, 'schedule', reading);
  const node = child(part, 'schedule');
  if (node && cron !== '' && !isCron(cron)) {
    const expected = 'a cron expression of five fields, such as "0 6 * * 1-5"';
    reading.report.add('wrong_value', node.position, { field: 'schedule', expected, actual: JSON.stringify(cron) });
  } else if (node && cron !== '' && neverFires(cron)) {
    reading.report.add('cron_never', node.position, { cron: JSON.stringify(cron) });
  }
  const timeZone = text(part, 'time_zone', reading) ?? 'UTC';
  const zone = child(part, 'time_zone');
  if (zone && !isTimeZone(timeZone)) {
    const expected = 'the name of a time zone, such as Europe/Berlin';
    reading.report.add('wrong_value', zone.position, {
      field: 'time_zone',
      expected,
      actual: JSON.stringify(timeZone),
    });
  }
  const missed = oneOf(part, 'missed', ['skip', 'once', 'all'], reading) ?? 'once';
  return { kind: 'schedule', id: ownId ?? `schedule:${cron}`, cron, timeZone, missed };
}

/** Whether there is no day that the line names, whatever the year; what the library cannot read fires never either. */
function neverFires(cron: string): boolean {
  try {
    return nextFire(cron, 'UTC', 0) === undefined;
  } catch {
    return true;
  }
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const CRON_RANGES = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { min: 0, max: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
] as const;

/** Whether `text` is a cron expression of five fields: `*`, numbers, names, ranges, lists and steps. */
function isCron(text: string): boolean {
  const fields = text.trim().toLowerCase().split(/\s+/);
  return (
    fields.length === CRON_RANGES.length &&
    CRON_RANGES.every(({ min, max, names }, index) => {
      const within = (value: string): boolean => {
        const number = /^\d+$/.test(value) ? Number(value) : (names as readonly string[]).indexOf(value) + min;
        return number >= min && number <= max && (/^\d+$/.test(value) || (names as readonly string[]).includes(value));
      };
      return (fields[index] ?? '').split(',').every((item) => {
        const [, range = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(item) ?? [];
        if (step !== undefined && Number(step) === 0) return false;
        return range === '*' || (range.split('-').length <= 2 && range.split('-').every(within));
      });
    })
  );
}

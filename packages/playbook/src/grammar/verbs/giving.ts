import { compileTemplate } from '@counterpoint/expressions';
import type { EndStep } from '../../plan.ts';
import { asTemplate, requiredTemplate, template } from '../code.ts';
import { asMap, asText, isName, requireField } from '../fields.ts';
import type { VerbSpec } from './spec.ts';

/** `publish: topic`, `data`, `subject`. */
export const publishVerb: VerbSpec = {
  fields: ['publish', 'data', 'subject'],
  read(part, base, reading) {
    const node = requireField(part, 'publish', reading);
    return {
      ...base,
      verb: 'publish',
      topic: (node && asText(node, 'publish', reading)) ?? '',
      subject: template(part, 'subject', reading),
      data: requiredTemplate(part, 'data', reading),
    };
  },
};

/** `set: {name: value}`. */
export const setVerb: VerbSpec = {
  fields: ['set'],
  read(part, base, reading) {
    const node = requireField(part, 'set', reading);
    const map = node && asMap(node, 'set', reading);
    if (map?.entries.length === 0) reading.report.add('empty_list', map.position, { field: 'set' });
    for (const { key, keyPosition } of map?.entries ?? []) {
      if (!isName(key)) reading.report.add('invalid_name', keyPosition, { name: key, field: 'set' });
    }
    return { ...base, verb: 'set', values: map ? asTemplate(map, reading) : compileTemplate({}) };
  },
};

function endVerb(verb: EndStep['verb']): VerbSpec {
  return {
    fields: [verb],
    read(part, base, reading) {
      const node = requireField(part, verb, reading);
      if (node) asText(node, verb, reading);
      return { ...base, verb, reason: node ? asTemplate(node, reading) : compileTemplate('') };
    },
  };
}

/** `fail: reason`. */
export const failVerb: VerbSpec = endVerb('fail');

/** `succeed: reason`. */
export const succeedVerb: VerbSpec = endVerb('succeed');

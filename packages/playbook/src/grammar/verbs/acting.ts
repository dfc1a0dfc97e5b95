import { compileTemplate } from '@counterpoint/expressions';
import { asTemplate } from '../code.ts';
import type { Part, Reading } from '../context.ts';
import { asMap, asName, asText, child, flag, isName, requireField } from '../fields.ts';
import type { VerbSpec } from './spec.ts';

function readArguments(part: Part, reading: Reading) {
  const node = child(part, 'with');
  const map = node && asMap(node, 'with', reading);
  return map ? asTemplate(map, reading) : compileTemplate({});
}

/** `action: alias.name`, `with`. */
export const actionVerb: VerbSpec = {
  fields: ['action', 'with'],
  read(part, base, reading) {
    const node = requireField(part, 'action', reading);
    const name = (node && asText(node, 'action', reading)) ?? '';
    const [alias = '', action = '', ...rest] = name.split('.');
    if (node && name !== '' && (rest.length > 0 || !isName(alias) || !isName(action))) {
      const expected = 'an alias of uses and an action, such as mail.get_message';
      reading.report.add('wrong_value', node.position, { field: 'action', expected, actual: JSON.stringify(name) });
    }
    return { ...base, verb: 'action', alias, action, with: readArguments(part, reading) };
  },
};

/** `call: playbook`, `with`, `detach`. */
export const callVerb: VerbSpec = {
  fields: ['call', 'with', 'detach'],
  read(part, base, reading) {
    const node = requireField(part, 'call', reading);
    const playbook = (node && asName(node, 'call', reading)) ?? '';
    return {
      ...base,
      verb: 'call',
      playbook,
      with: readArguments(part, reading),
      detach: flag(part, 'detach', false, reading),
    };
  },
};

/** `undo: step`. */
export const undoVerb: VerbSpec = {
  fields: ['undo'],
  read(part, base, reading) {
    const node = requireField(part, 'undo', reading);
    return { ...base, verb: 'undo', step: (node && asName(node, 'undo', reading)) ?? '' };
  },
};

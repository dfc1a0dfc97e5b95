import type { FindingSpec } from './spec.ts';

/** Findings about the grammar of playbooks and reactions. */
export const grammarFindings = {
  unknown_kind: {
    message: 'The kind is {actual}; expected playbook/v1 or reaction/v1.',
    help: 'Begin the document with `kind: playbook/v1` or `kind: reaction/v1`.',
  },
  wrong_type: {
    message: '{field} must be {expected}; this is {actual}.',
    help: 'See the language reference for what the field takes.',
  },
  wrong_value: {
    message: '{field} must be {expected}; this is {actual}.',
    help: 'See the language reference for the values that the field takes.',
  },
  unknown_field: {
    message: '{where} has no field "{field}".',
    help: 'See the language reference for its fields.',
  },
  missing_field: {
    message: '{where} needs the field "{field}".',
    help: 'Add it; the language reference says what it takes.',
  },
  invalid_name: {
    message: '"{name}" is not a name: {field} takes lower-case letters, digits and "_", beginning with a letter.',
    help: 'Use snake_case, at most 64 characters.',
  },
  reserved_name: {
    message: '"{name}" cannot name {what}: it already means something in expressions.',
    help: 'Choose another name.',
  },
  duplicate_id: {
    message: 'The step id "{id}" is taken; its first use is on line {line}.',
    help: 'Ids are the addresses of steps, so each exists once in a document.',
  },
  missing_verb: {
    message: 'The step {id} does nothing: it has no verb.',
    help: 'Give it exactly one of the verbs: action, call, if, switch, foreach, while, until, parallel, approval, ask, wait, publish, set, undo, try, fail, succeed.',
  },
  several_verbs: {
    message: 'The step {id} has several verbs: {verbs}.',
    help: 'One step does one thing. Make a step of each; `if` may stand beside another verb as a guard.',
  },
  verb_not_here: {
    message: 'A {where} cannot use the verb {verb}.',
    help: 'Reactions take one event in and give one event out at once. What waits, asks or loops belongs in a playbook.',
  },
  field_needs_verb: {
    message: '"{field}" has no effect on a step with the verb {verb}; it is about the action of a step.',
    help: 'Move it to the action that it is about.',
    severity: 'warning',
  },
  empty_expression: {
    message: '{field} is empty.',
    help: 'Write the condition or value; to leave the field out, delete its line.',
  },
  template_in_expression: {
    message: '{field} is an expression already; "$' + '{{ }}" must not stand in it.',
    help: 'Write the expression without it.',
  },
  empty_list: {
    message: '{field} is empty.',
    help: 'Fill it, or delete it.',
  },
  trigger_kind: {
    message: 'A trigger needs exactly one of: topic, alert, webhook, manual, schedule, case, page.',
    help: 'Begin each item of `on` with one of them, such as `- alert: {}`.',
  },
  cron_never: {
    message: 'The schedule {cron} never fires: there is no such day.',
    help: 'Check day and month; the 30th of February does not come.',
  },
  duplicate_trigger: {
    message: 'Two triggers have the id "{id}"; the first is on line {line}.',
    help: 'Delete one, or give them an `id` of their own.',
  },
  catch_after_any: {
    message: 'This catch is never reached: the one before it takes every error.',
    help: 'Put the catch without `on` last.',
  },
  schema: {
    message: '{field} is not a JSON Schema: {reason}.',
    help: 'Write a JSON Schema (2020-12), such as { type: string }.',
  },
  default_value: {
    message: 'The default of {field} does not match its own schema: {reason}.',
    help: 'Change the default or the schema.',
  },
} as const satisfies Record<string, FindingSpec>;

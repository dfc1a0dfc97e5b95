import { nearest } from '@counterpoint/core';
import { capabilities } from './capabilities.ts';
import type { ActionManifest, ConnectorManifest, JsonSchema } from './manifest.ts';

/** Something that a connector should say better. Errors fail the build; warnings are advice. */
export interface LintFinding {
  readonly level: 'error' | 'warning';
  /** Such as `contain_needs_inverse`. */
  readonly rule: string;
  /** Where in the manifest, dotted. */
  readonly path: string;
  readonly message: string;
}

type Report = (level: LintFinding['level'], rule: string, path: string, message: string) => void;

/** Formats whose text has a form of its own, so that it cannot carry a message. */
const FORMAL = new Set(['ipv4', 'ipv6', 'date', 'date-time', 'uuid']);
const SECRET_NAME = /token|api_?key|secret|passw|credential/i;

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(schema: JsonSchema): [string, JsonSchema][] {
  const { properties } = schema;
  return isSchema(properties)
    ? Object.entries(properties).filter((field): field is [string, JsonSchema] => isSchema(field[1]))
    : [];
}

/** Calls `visit` for every named field of a schema, however deep. */
function eachField(
  schema: JsonSchema,
  path: string,
  visit: (field: JsonSchema, path: string, name: string) => void,
): void {
  for (const [name, field] of fieldsOf(schema)) {
    visit(field, `${path}.${name}`, name);
    eachField(field, `${path}.${name}`, visit);
    if (isSchema(field.items)) eachField(field.items, `${path}.${name}.items`, visit);
  }
}

function isFreeText(field: JsonSchema): boolean {
  const types = Array.isArray(field.type) ? field.type : [field.type];
  const formal = field.enum !== undefined || field.const !== undefined || FORMAL.has(String(field.format));
  return types.includes('string') && !formal;
}

function lintSchemas(action: ActionManifest, path: string, report: Report): void {
  for (const side of ['input', 'output'] as const) {
    eachField(action[side], `${path}.${side}`, (field, place) => {
      if (typeof field.description !== 'string')
        report('error', 'field_needs_description', place, 'describe the field');
    });
  }
  eachField(action.output, `${path}.output`, (field, place) => {
    if (isFreeText(field) && field.untrusted === undefined) {
      report('error', 'say_whether_untrusted', place, 'say `untrusted: true` (an outsider can choose it) or `false`');
    }
  });
}

function lintEffect(action: ActionManifest, path: string, report: Report): void {
  const { effect } = action;
  if (effect === 'read' && !action.idempotent) {
    report('error', 'reads_are_idempotent', `${path}.idempotent`, 'a read is always idempotent');
  }
  if ((effect === 'contain' || effect === 'destroy') && action.target === undefined) {
    report('error', 'effect_needs_target', path, `${effect} needs a target, which guards and claims are keyed by`);
  }
  if (effect === 'contain') {
    if (!action.inverse && action.irreversible === undefined) {
      report('error', 'contain_needs_inverse', path, 'name the inverse, or say why there is none (irreversible)');
    }
    if (!action.verify && action.unverifiable === undefined) {
      report('error', 'contain_needs_verify', path, 'name how to verify it, or say why nothing can (unverifiable)');
    }
    if (action.inverse && action.preexisting === undefined) {
      report('warning', 'say_preexisting', path, 'without `preexisting`, undoing may lift what others put there');
    }
  }
  if (effect !== 'read' && !action.idempotent && !action.verify && action.unverifiable === undefined) {
    report('warning', 'unknown_needs_verify', path, 'a lost answer can only be settled by a person');
  }
  if (action.minutes_saved === undefined) {
    report('warning', 'say_minutes_saved', path, 'say how many minutes of an analyst one call saves');
  }
}

function lintCapability(manifest: ConnectorManifest, name: string, actionName: string, report: Report): void {
  const path = `capabilities.${name}`;
  const contract = Object.hasOwn(capabilities, name) ? capabilities[name] : undefined;
  const action = manifest.actions[actionName];
  if (!contract) {
    const near = nearest(name, Object.keys(capabilities));
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    report('error', 'capability_unknown', path, `there is no capability ${name}${hint}`);
    return;
  }
  if (!action) return;
  if (action.effect !== contract.effect) {
    report('error', 'capability_effect', path, `${name} has the effect ${contract.effect}`);
  }
  const inputs = new Set(fieldsOf(action.input).map(([field]) => field));
  const required = Array.isArray(action.input.required) ? action.input.required.map(String) : [];
  const outputs = Array.isArray(action.output.required) ? action.output.required : [];
  for (const field of contract.input) {
    if (!inputs.has(field)) report('error', 'capability_input', path, `${actionName} has no input "${field}"`);
  }
  for (const field of required.filter((one) => !contract.input.includes(one))) {
    report('error', 'capability_input', path, `${actionName} requires "${field}", which ${name} does not know`);
  }
  for (const field of contract.output.filter((one) => !outputs.includes(one))) {
    report('error', 'capability_output', path, `${actionName} does not promise (require) the output "${field}"`);
  }
}

function lintConnection(manifest: ConnectorManifest, report: Report): void {
  let secrets = 0;
  eachField(manifest.connection, 'connection', (field, path, name) => {
    if (typeof field.description !== 'string') report('error', 'field_needs_description', path, 'describe the field');
    if (field.secret === true) secrets += 1;
    else if (SECRET_NAME.test(name) && isFreeText(field)) {
      report('error', 'secret_not_marked', path, 'mark it `secret: true`, so that the vault keeps it');
    }
  });
  if (secrets > 0 && !manifest.test) {
    report('error', 'credential_needs_test', 'test', 'name a read action that proves the credential');
  }
  if (JSON.stringify(manifest.auth?.query ?? null).includes('secret')) {
    report('error', 'secret_in_url', 'auth.query', 'a secret in a URL ends up in logs; send it in a header');
  }
}

/** What a valid manifest (see `loadManifest`) still lacks of good manners. */
export function lintManifest(manifest: ConnectorManifest): readonly LintFinding[] {
  const findings: LintFinding[] = [];
  const report: Report = (level, rule, path, message) => findings.push({ level, rule, path, message });
  if (!manifest.documentation.startsWith('https://')) {
    report('error', 'documentation_link', 'documentation', "link to the vendor's documentation over https");
  }
  lintConnection(manifest, report);
  for (const [name, action] of Object.entries(manifest.actions)) {
    lintSchemas(action, `actions.${name}`, report);
    lintEffect(action, `actions.${name}`, report);
  }
  for (const [name, action] of Object.entries(manifest.capabilities ?? {})) {
    lintCapability(manifest, name, action, report);
  }
  return findings;
}

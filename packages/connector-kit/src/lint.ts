import { nearest } from '@counterpoint/core';
import type { ActionManifest, ConnectorManifest, EffectClass, JsonSchema } from './manifest.ts';

/** Something that a connector should say better. Errors fail the build; warnings are advice. */
export interface LintFinding {
  readonly level: 'error' | 'warning';
  /** Such as `contain_needs_inverse`. */
  readonly rule: string;
  /** Where in the manifest, dotted. */
  readonly path: string;
  readonly message: string;
}

/** What an action promises when it provides a capability (a file of `content/capabilities/`). */
export interface CapabilityContract {
  readonly effect: EffectClass;
  /** What it acts on: types of targets (`url`, `file:hashes.SHA-256`) as the ledger keeps them. */
  readonly target?: readonly string[];
  readonly input: JsonSchema;
  readonly output: JsonSchema;
}

type Contracts = Readonly<Record<string, CapabilityContract>>;
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

function requiredBy(schema: JsonSchema): readonly string[] {
  return Array.isArray(schema.required) ? schema.required.map(String) : [];
}

function lintPromise(action: ActionManifest, contract: CapabilityContract, path: string, report: Report): void {
  const known = fieldsOf(contract.input).map(([field]) => field);
  const understood = new Set(fieldsOf(action.input).map(([field]) => field));
  const promised = requiredBy(action.output);
  if (action.effect !== contract.effect) report('error', 'capability_effect', path, `its effect is ${contract.effect}`);
  if (contract.effect === 'contain' && !action.inverse && action.irreversible !== undefined) {
    report('error', 'capability_inverse', path, 'whoever binds it relies on an inverse; name it');
  }
  for (const field of known.filter((one) => !understood.has(one))) {
    report('error', 'capability_input', path, `the action has no input "${field}"`);
  }
  for (const field of requiredBy(action.input).filter((one) => !known.includes(one))) {
    report('error', 'capability_input', path, `the action requires "${field}", which the capability does not know`);
  }
  for (const field of requiredBy(contract.output).filter((one) => !promised.includes(one))) {
    report('error', 'capability_output', path, `the action does not promise (require) the output "${field}"`);
  }
}

function lintCapabilities(manifest: ConnectorManifest, contracts: Contracts, report: Report): void {
  for (const [name, actionName] of Object.entries(manifest.capabilities ?? {})) {
    const path = `capabilities.${name}`;
    const contract = Object.hasOwn(contracts, name) ? contracts[name] : undefined;
    const action = manifest.actions[actionName];
    if (contract && action) lintPromise(action, contract, path, report);
    if (contract) continue;
    const near = nearest(name, Object.keys(contracts));
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    report('error', 'capability_unknown', path, `there is no capability ${name}${hint}`);
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

/**
 * What a valid manifest (see `loadManifest`) still lacks of good manners.
 *
 * @param contracts The capabilities that exist; without them those of the manifest are not looked at.
 */
export function lintManifest(manifest: ConnectorManifest, contracts?: Contracts): readonly LintFinding[] {
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
  if (contracts) lintCapabilities(manifest, contracts, report);
  return findings;
}

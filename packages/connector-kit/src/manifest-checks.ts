import { nearest } from '@counterpoint/core';
import { compileExpression, compileTemplate } from '@counterpoint/expressions';
import type { ActionManifest, ActionReference, ConnectorManifest, JsonSchema } from './manifest.ts';
import { compilePath } from './path-template.ts';
import { compileSchema } from './schema.ts';

/** Something wrong at a place of a manifest. */
export interface ManifestProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Path = readonly (string | number)[];

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
}

function expressionProblems(path: Path, source: string | undefined): ManifestProblem[] {
  if (source === undefined) return [];
  try {
    compileExpression(source);
    return [];
  } catch (cause) {
    return [{ path, message: reasonOf(cause) }];
  }
}

function templateProblems(path: Path, value: unknown): ManifestProblem[] {
  if (value === undefined) return [];
  try {
    compileTemplate(value as Parameters<typeof compileTemplate>[0]);
    return [];
  } catch (cause) {
    return [{ path, message: reasonOf(cause) }];
  }
}

function pathProblems(path: Path, template: string): ManifestProblem[] {
  try {
    compilePath(template);
    return [];
  } catch (cause) {
    return [{ path, message: reasonOf(cause) }];
  }
}

function referenceProblems(
  path: Path,
  reference: ActionReference | undefined,
  manifest: ConnectorManifest,
  readOnly: boolean,
): ManifestProblem[] {
  if (!reference) return [];
  const found = Object.hasOwn(manifest.actions, reference.action) ? manifest.actions[reference.action] : undefined;
  const problems = templateProblems([...path, 'with'], reference.with);
  if (!found) {
    const near = nearest(reference.action, Object.keys(manifest.actions));
    const hint = near === undefined ? '' : ` (did you mean "${near}"?)`;
    problems.push({ path: [...path, 'action'], message: `there is no action "${reference.action}"${hint}` });
  } else if (readOnly && found.effect !== 'read') {
    problems.push({ path: [...path, 'action'], message: `"${reference.action}" must have the effect read` });
  }
  return problems;
}

function schemaProblems(path: Path, schema: JsonSchema): ManifestProblem[] {
  try {
    compileSchema(schema);
    return [];
  } catch (cause) {
    return [{ path, message: reasonOf(cause) }];
  }
}

function declarativeProblems(path: Path, action: ActionManifest): ManifestProblem[] {
  const { request, paging } = action;
  const problems = [
    ...templateProblems([...path, 'result'], action.result),
    ...(action.errors ?? []).flatMap((mapping, index) => [
      ...expressionProblems([...path, 'errors', index, 'when'], mapping.when),
      ...expressionProblems([...path, 'errors', index, 'message'], mapping.message),
    ]),
    ...expressionProblems([...path, 'paging', 'items'], paging?.items),
    ...expressionProblems([...path, 'paging', 'next'], paging?.kind === 'cursor' ? paging.next : undefined),
  ];
  if (!request) {
    for (const key of ['result', 'paging', 'errors', 'accept'] as const) {
      if (action[key] !== undefined) problems.push({ path: [...path, key], message: `${key} needs a request` });
    }
    return problems;
  }
  problems.push(...pathProblems([...path, 'request', 'path'], request.path));
  for (const key of ['query', 'headers', 'body', 'form', 'multipart'] as const) {
    problems.push(...templateProblems([...path, 'request', key], request[key]));
  }
  if ([request.body, request.form, request.multipart].filter((one) => one !== undefined).length > 1) {
    problems.push({ path: [...path, 'request'], message: 'a request has a body, a form or a multipart form' });
  }
  return problems;
}

function actionProblems(name: string, action: ActionManifest, manifest: ConnectorManifest) {
  const path: Path = ['actions', name];
  const problems = [
    ...schemaProblems([...path, 'input'], action.input),
    ...schemaProblems([...path, 'output'], action.output),
    ...expressionProblems([...path, 'target'], action.target),
    ...expressionProblems([...path, 'preexisting'], action.preexisting),
    ...referenceProblems([...path, 'before'], action.before, manifest, true),
    ...referenceProblems([...path, 'inverse'], action.inverse, manifest, false),
    ...referenceProblems([...path, 'verify'], action.verify, manifest, true),
    ...expressionProblems([...path, 'verify', 'holds'], action.verify?.holds),
    ...expressionProblems([...path, 'verify', 'expires_in'], action.verify?.expires_in),
    ...expressionProblems([...path, 'verify', 'expires_at'], action.verify?.expires_at),
    ...referenceProblems([...path, 'completion', 'poll'], action.completion?.poll, manifest, true),
    ...expressionProblems([...path, 'completion', 'done'], action.completion?.done),
    ...expressionProblems([...path, 'completion', 'failed'], action.completion?.failed),
    ...templateProblems([...path, 'completion', 'result'], action.completion?.result),
    ...declarativeProblems(path, action),
  ];
  const before = action.before && manifest.actions[action.before.action];
  if (before && !(before.request && action.request)) {
    problems.push({ path: [...path, 'before'], message: 'before joins two actions that have requests' });
  }
  const fields = (action.input.properties ?? {}) as Readonly<Record<string, unknown>>;
  if (action.lease && !Object.hasOwn(fields, action.lease.argument)) {
    problems.push({
      path: [...path, 'lease', 'argument'],
      message: `the input has no field "${action.lease.argument}"`,
    });
  }
  return problems;
}

/**
 * What a manifest of the right form may still have wrong: schemas, expressions and templates that do not compile,
 * references to actions that do not exist.
 */
export function manifestProblems(manifest: ConnectorManifest): readonly ManifestProblem[] {
  const problems = [
    ...schemaProblems(['connection'], manifest.connection),
    ...expressionProblems(['base_url'], manifest.base_url),
    ...expressionProblems(['allowed_hosts'], manifest.allowed_hosts),
    ...templateProblems(['auth', 'headers'], manifest.auth?.headers),
    ...templateProblems(['auth', 'query'], manifest.auth?.query),
    ...(manifest.errors ?? []).flatMap((mapping, index) => [
      ...expressionProblems(['errors', index, 'when'], mapping.when),
      ...expressionProblems(['errors', index, 'message'], mapping.message),
    ]),
    ...referenceProblems(['test'], manifest.test, manifest, true),
  ];
  for (const [capability, action] of Object.entries(manifest.capabilities ?? {})) {
    if (!Object.hasOwn(manifest.actions, action)) {
      problems.push({ path: ['capabilities', capability], message: `there is no action "${action}"` });
    }
  }
  for (const [name, action] of Object.entries(manifest.actions)) {
    problems.push(...actionProblems(name, action, manifest));
  }
  const declarative = Object.values(manifest.actions).some((action) => action.request);
  if (declarative && manifest.base_url === undefined) {
    problems.push({ path: ['base_url'], message: 'a connector with requests needs a base_url' });
  }
  return problems;
}

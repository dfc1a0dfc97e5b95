import type { JsonSchema } from '@counterpoint/connector-kit';
import { canonicalJson, type Json, type JsonObject } from '@counterpoint/core';
import type { TopicDeclaration } from '@counterpoint/playbook';

/** Words about a schema, which nobody's data depends on. */
const WORDS: ReadonlySet<string> = new Set(['title', 'description', 'examples', 'default', '$comment']);
const STRUCTURE: ReadonlySet<string> = new Set(['properties', 'required', 'items']);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rest(schema: JsonObject): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !WORDS.has(key) && !STRUCTURE.has(key)));
}

function names(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function compare(before: JsonObject, after: JsonObject, path: string, changes: string[]): void {
  const here = path === '' ? 'the data' : path;
  if (canonicalJson(rest(before)) !== canonicalJson(rest(after))) changes.push(`what ${here} may be has changed`);
  const [old, now] = [before.properties, after.properties].map((one) => (isObject(one) ? one : {})) as [
    JsonObject,
    JsonObject,
  ];
  for (const [name, schema] of Object.entries(old)) {
    const field = path === '' ? name : `${path}.${name}`;
    const next = now[name];
    if (next === undefined) changes.push(`${field} is gone`);
    else if (isObject(schema) && isObject(next)) compare(schema, next, field, changes);
  }
  const [was, is] = [names(before.required), names(after.required)];
  for (const name of is.filter((one) => !was.includes(one))) changes.push(`${name} of ${here} is required now`);
  for (const name of was.filter((one) => !is.includes(one))) changes.push(`${name} of ${here} may be missing now`);
  if (isObject(before.items) && isObject(after.items)) compare(before.items, after.items, `${path}[]`, changes);
  else if (canonicalJson(before.items ?? null) !== canonicalJson(after.items ?? null))
    changes.push(`the items of ${here} have changed`);
}

/**
 * In what a schema has changed so that data of one version does not fit whoever knows the other: everything but words and
 * new fields that nobody must fill in. Such a change needs a new version of the topic (`….v2`), beside the old one.
 */
export function breakingChanges(before: JsonSchema, after: JsonSchema): readonly string[] {
  const changes: string[] = [];
  compare(before as JsonObject, after as JsonObject, '', changes);
  return changes;
}

/** Topic -> what has changed in it although its name says the same version; topics that are new or gone are left out. */
export function brokenTopics(
  before: ReadonlyMap<string, TopicDeclaration>,
  after: ReadonlyMap<string, TopicDeclaration>,
): ReadonlyMap<string, readonly string[]> {
  const broken = new Map<string, readonly string[]>();
  for (const [topic, { schema, open }] of before) {
    const now = after.get(topic);
    if (!now) continue;
    if (open !== now.open) broken.set(topic, [now.open ? 'it is open now' : 'it has a schema now']);
    else if (schema && now.schema) {
      const changes = breakingChanges(schema, now.schema);
      if (changes.length > 0) broken.set(topic, changes);
    }
  }
  return broken;
}

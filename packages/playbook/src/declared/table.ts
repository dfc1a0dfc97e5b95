import type { JsonSchema } from '@counterpoint/connector-kit';
import type { Json, JsonObject } from '@counterpoint/core';
import { z } from 'zod';
import { errors } from '../errors.ts';
import { isName } from '../grammar/fields.ts';
import { schemaProblem } from '../validate.ts';
import { readYaml } from './read-yaml.ts';

/** A table that playbooks keep: typed rows that outlive runs. A file of `content/tables/`. */
export interface TableDeclaration {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** What a row is found by, in words. */
  readonly key: string;
  /** Column -> JSON Schema; `untrusted: true` marks what somebody outside may have written. */
  readonly columns: Readonly<Record<string, JsonSchema>>;
  /** JSON Schema of a whole row. */
  readonly row: JsonSchema;
  /** JSON Schema of some columns of a row, none of them required. */
  readonly part: JsonSchema;
}

const column = z.record(z.string(), z.json()).superRefine((schema, context) => {
  const problem = schemaProblem(schema as JsonSchema);
  if (problem) context.addIssue({ code: 'custom', message: `not a JSON Schema: ${problem}` });
});

const shape = z
  .strictObject({
    kind: z.literal('table/v1'),
    id: z.string().refine(isName, 'not a snake_case name'),
    title: z.string().min(1),
    description: z.string().default(''),
    key: z.string().min(1),
    columns: z.record(z.string().refine(isName, 'not a snake_case name'), column),
    required: z.array(z.string()).default([]),
  })
  .superRefine(({ columns, required }, context) => {
    if (Object.keys(columns).length === 0) context.addIssue({ code: 'custom', path: ['columns'], message: 'empty' });
    for (const name of required) {
      if (Object.hasOwn(columns, name)) continue;
      context.addIssue({ code: 'custom', path: ['required'], message: `there is no column "${name}"` });
    }
  });

/** Reads one table declaration. @throws playbook.table_invalid */
export function parseTable(text: string): TableDeclaration {
  try {
    const { id, title, description, key, columns, required } = readYaml(text, shape);
    const properties = columns as Readonly<Record<string, JsonSchema>>;
    const part: JsonSchema = { type: 'object', properties: properties as JsonObject, additionalProperties: false };
    const row: JsonSchema = required.length === 0 ? part : { ...part, required: required as Json };
    return { id, title, description, key, columns: properties, row, part };
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/\.$/, '');
    throw errors.table_invalid({ reason }, { cause });
  }
}

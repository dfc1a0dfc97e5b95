import type { JsonSchema } from '@counterpoint/connector-kit';
import type { Json } from '@counterpoint/core';
import { isTopicName } from '@counterpoint/events';
import { z } from 'zod';
import type { CapabilityContract, TopicDeclaration } from './catalogue.ts';
import { errors } from './errors.ts';
import { isName } from './grammar/fields.ts';
import { schemaProblem } from './validate.ts';

const anySchema = z.record(z.string(), z.json());

const checkedSchema = anySchema.superRefine((schema, context) => {
  const problem = schemaProblem(schema as JsonSchema);
  if (problem) context.addIssue({ code: 'custom', message: `not a JSON Schema: ${problem}` });
});

const topicShape = (schema: typeof anySchema) =>
  z
    .strictObject({
      topic: z.string().min(1).max(200),
      title: z.string().min(1),
      description: z.string().optional(),
      open: z.boolean().default(false),
      schema: schema.optional(),
    })
    .superRefine(({ topic, open, schema }, context) => {
      if (!open && !schema)
        context.addIssue({ code: 'custom', path: ['schema'], message: 'missing; only open topics have none' });
      if (open && schema) context.addIssue({ code: 'custom', path: ['schema'], message: 'an open topic has none' });
      if (!open && !isTopicName(topic))
        context.addIssue({ code: 'custom', path: ['topic'], message: 'not a name such as mail.reported.v1' });
    });

const capabilityShape = (schema: typeof anySchema) =>
  z
    .strictObject({
      capability: z.string().refine(isName, 'not a snake_case name'),
      title: z.string().min(1),
      description: z.string().optional(),
      effect: z.enum(['read', 'notify', 'change', 'contain', 'destroy']),
      target: z.array(z.string().min(1)).min(1).optional(),
      input: schema,
      output: schema,
    })
    .superRefine(({ effect, target }, context) => {
      if ((effect === 'contain' || effect === 'destroy') && !target)
        context.addIssue({ code: 'custom', path: ['target'], message: `missing; ${effect} acts on something` });
    });

const shapes = { topic: topicShape(checkedSchema), capability: capabilityShape(checkedSchema) };
const shapesOfShipped = { topic: topicShape(anySchema), capability: capabilityShape(anySchema) };

/** How a declaration is read. */
export interface DeclarationOptions {
  /** Whether it came with the product, whose tests have checked its schemas; checking them takes its time. Default false. */
  readonly shipped?: boolean;
}

const shapesFor = ({ shipped = false }: DeclarationOptions) => (shipped ? shapesOfShipped : shapes);

/** A capability under its name. */
export interface NamedCapability {
  readonly name: string;
  readonly title: string;
  readonly contract: CapabilityContract;
}

/**
 * Reads one topic declaration (a file of `content/topics/`).
 *
 * @throws playbook.topic_invalid
 */
export function parseTopic(json: Json, options: DeclarationOptions = {}): TopicDeclaration {
  const result = shapesFor(options).topic.safeParse(json);
  if (!result.success) throw errors.topic_invalid({ topic: nameIn(json, 'topic'), reason: reasonOf(result.error) });
  const { topic, title, open, schema } = result.data;
  return { topic, title, open, schema: schema as JsonSchema | undefined };
}

/**
 * Reads one capability contract (a file of `content/capabilities/`).
 *
 * @throws playbook.capability_invalid
 */
export function parseCapability(json: Json, options: DeclarationOptions = {}): NamedCapability {
  const result = shapesFor(options).capability.safeParse(json);
  if (!result.success) {
    throw errors.capability_invalid({ capability: nameIn(json, 'capability'), reason: reasonOf(result.error) });
  }
  const { capability, title, effect, target, input, output } = result.data;
  const contract = { effect, ...(target && { target }), input: input as JsonSchema, output: output as JsonSchema };
  return { name: capability, title, contract };
}

function nameIn(json: Json, field: string): string {
  const value =
    typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as { [key: string]: Json })[field]
      : undefined;
  return typeof value === 'string' ? `"${value}"` : '(without a name)';
}

function reasonOf(error: z.ZodError): string {
  const [first] = error.issues;
  const path = first?.path.join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${first?.message ?? 'not valid'}`;
}

import type { Json } from '@counterpoint/core';
import { parseDocument } from 'yaml';
import type { z } from 'zod';

const MAX_SIZE = 1024 * 1024;

/** Reads one YAML 1.2 document that a shape describes. Warnings are errors and aliases are refused. @throws Error with the reason */
export function readYaml<Shape extends z.ZodType>(text: string, shape: Shape): z.output<Shape> {
  if (text.length > MAX_SIZE) throw new RangeError(`it is larger than ${MAX_SIZE} characters`);
  const document = parseDocument(text, { version: '1.2', strict: true, prettyErrors: false, logLevel: 'silent' });
  const [trouble] = [...document.errors, ...document.warnings];
  if (trouble) throw new SyntaxError(trouble.message);
  const result = shape.safeParse(document.toJS({ maxAliasCount: 0 }) as Json);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  const path = first?.path.join('.') ?? '';
  throw new TypeError(`${path === '' ? '' : `${path}: `}${first?.message ?? 'it is not valid'}`);
}

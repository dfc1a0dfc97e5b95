import { localDay, localMinute } from './times.ts';

/** A JSON Schema of one level of fields, as connectors, actions and forms of playbooks have them. */
export type FormSchema = Readonly<Record<string, unknown>>;

/** How a field is entered. */
export type FieldKind = 'text' | 'long' | 'number' | 'integer' | 'switch' | 'choice' | 'choices' | 'list' | 'json';

/** One field of a form. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly kind: FieldKind;
  readonly required: boolean;
  /** Goes to the vault: never shown again. */
  readonly secret: boolean;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly fallback: unknown;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly pattern: string | undefined;
  /** `uri`, `ipv4`, `date-time`, … */
  readonly format: string;
}

/** What was entered, by field: text as typed, numbers and switches as such; nothing is converted before it is sent. */
export type FormValues = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function typesOf(schema: FormSchema): readonly string[] {
  return [schema.type].flat().filter((type): type is string => typeof type === 'string' && type !== 'null');
}

function kindOf(schema: FormSchema): FieldKind {
  if (Array.isArray(schema.enum)) return 'choice';
  const [type, ...others] = typesOf(schema);
  if (others.length > 0 || type === undefined) return 'json';
  if (type === 'boolean') return 'switch';
  if (type === 'integer' || type === 'number') return type;
  if (type === 'array') return listKind(schema.items);
  if (type !== 'string') return 'json';
  const longest = schema.maxLength;
  return schema.format === 'textarea' || (typeof longest === 'number' && longest > 300) ? 'long' : 'text';
}

function listKind(items: unknown): FieldKind {
  if (!isObject(items)) return 'json';
  if (Array.isArray(items.enum)) return 'choices';
  return typesOf(items).join() === 'string' ? 'list' : 'json';
}

function optionsOf(schema: FormSchema): FormField['options'] {
  const values = Array.isArray(schema.enum) ? schema.enum : isObject(schema.items) ? schema.items.enum : undefined;
  return Array.isArray(values) ? values.map((value) => ({ value: JSON.stringify(value), label: String(value) })) : [];
}

/** `base_url` as people read it: `Base URL`. */
export function labelOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  const spelled = words.replaceAll(/\b(url|ip|id|api|ca|tls|ttl|uri|sha256|md5|http)\b/gi, (word) =>
    word.toUpperCase(),
  );
  return spelled.charAt(0).toUpperCase() + spelled.slice(1);
}

/** The fields of a schema in its order, the required ones first. */
export function fieldsOf(schema: FormSchema): readonly FormField[] {
  const required = new Set(Array.isArray(schema.required) ? schema.required.map(String) : []);
  const properties = isObject(schema.properties) ? schema.properties : {};
  const fields = Object.entries(properties).flatMap(([name, given]) => {
    if (!isObject(given)) return [];
    const number = (key: string) => (typeof given[key] === 'number' ? (given[key] as number) : undefined);
    return {
      name,
      label: textOf(given.title) || labelOf(name),
      description: textOf(given.description),
      kind: kindOf(given),
      required: required.has(name),
      secret: given.secret === true,
      options: optionsOf(given),
      fallback: given.default,
      min: number('minimum') ?? number('minLength'),
      max: number('maximum') ?? number('maxLength'),
      pattern: typeof given.pattern === 'string' ? given.pattern : undefined,
      format: textOf(given.format),
    } satisfies FormField;
  });
  return fields.toSorted((a, b) => Number(b.required) - Number(a.required));
}

/** Whether nothing was entered. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function problemOf(field: FormField, value: unknown): string | undefined {
  if (isBlank(value)) return field.required && isBlank(field.fallback) ? `${field.label} is needed` : undefined;
  const { kind, min, max } = field;
  if (kind === 'number' || kind === 'integer') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'Enter a number';
    if (kind === 'integer' && !Number.isInteger(value)) return 'Enter a whole number';
    if (min !== undefined && value < min) return `At least ${min}`;
    return max !== undefined && value > max ? `At most ${max}` : undefined;
  }
  if (kind === 'json') return parses(String(value)) ? undefined : 'This is not JSON';
  if (kind !== 'text' && kind !== 'long') return undefined;
  const text = String(value);
  if (min !== undefined && text.length < min) return `At least ${min} letters`;
  if (max !== undefined && text.length > max) return `At most ${max} letters`;
  return field.format === 'uri' ? addressProblem(text) : undefined;
}

function addressProblem(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url) return 'Enter a whole address, such as https://tool.example.org';
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'The address must begin with https:// or http://';
  return url.username !== '' || url.password !== ''
    ? 'Leave out the user name and password; they have fields of their own'
    : undefined;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with what was entered, by field; the server has the last word. */
export function problemsOf(fields: readonly FormField[], values: FormValues): Readonly<Record<string, string>> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const problem = problemOf(field, values[field.name]);
      return problem === undefined ? [] : [[field.name, problem]];
    }),
  );
}

/** What is sent: blank fields are left out, JSON is read. */
export function sentOf(fields: readonly FormField[], values: FormValues): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, kind }) => {
      const value = values[name];
      if (isBlank(value)) return [];
      return [[name, kind === 'json' ? JSON.parse(String(value)) : value]];
    }),
  );
}

/** What a form shows at first: what is there already, else defaults. */
export function shownAtFirst(fields: readonly FormField[], given: FormValues = {}): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(({ name, kind, fallback, secret }) => {
      const value = secret ? undefined : (given[name] ?? fallback);
      if (value === undefined) return [];
      return [[name, kind === 'json' ? JSON.stringify(value, null, 2) : value]];
    }),
  );
}

/** A moment (RFC 3339) as a field for local date and time takes it; empty when it is none. */
export function toLocalMoment(text: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? '' : `${localDay(at)}T${localMinute(at)}`;
}

/** What such a field holds, as RFC 3339 in UTC; undefined when it is empty or not whole yet. */
export function fromLocalMoment(text: string): string | undefined {
  const date = new Date(text);
  return text === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

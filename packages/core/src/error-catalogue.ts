/** One row of the error catalogue. */
export interface ErrorSpec {
  /** HTTP status that the API answers with. */
  readonly status: number;
  /** What happened and what was expected; `{name}` is filled from the parameters. */
  readonly message: string;
  /** What the person can do next. */
  readonly help: string;
  /** Whether trying the same again may succeed. Default false. */
  readonly retryable?: boolean;
}

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** The parameters that an error's message and help name. */
export type ErrorParams<Spec extends ErrorSpec> = {
  readonly [Name in Names<Spec['message']> | Names<Spec['help']>]: string | number;
};

/** Extra facts for an error: the error that caused it, and details that programs read. */
export interface ErrorExtras {
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * An error that the product expects: it has a stable code (`package.name`), says what happened and what to do, and
 * is safe to show. Anything else that is thrown is a defect and is shown as `core.internal`.
 */
export class CounterpointError extends Error {
  override readonly name = 'CounterpointError';
  readonly code: string;
  readonly status: number;
  readonly help: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, spec: ErrorSpec, params: Readonly<Record<string, string | number>>, extras: ErrorExtras) {
    super(fill(spec.message, params), extras.cause === undefined ? undefined : { cause: extras.cause });
    this.code = code;
    this.status = spec.status;
    this.help = fill(spec.help, params);
    this.retryable = spec.retryable ?? false;
    this.details = extras.details ?? {};
  }
}

function fill(template: string, params: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (hole, name: string) => (name in params ? String(params[name]) : hole));
}

type Factory<Spec extends ErrorSpec> = [keyof ErrorParams<Spec>] extends [never]
  ? (params?: Record<never, never>, extras?: ErrorExtras) => CounterpointError
  : (params: ErrorParams<Spec>, extras?: ErrorExtras) => CounterpointError;

/** The errors of one package: a factory for each, and `specs` for the catalogue. */
export type ErrorTable<Specs extends Record<string, ErrorSpec>> = {
  readonly [Name in keyof Specs]: Factory<Specs[Name]>;
} & { readonly specs: Readonly<Record<string, ErrorSpec>> };

/**
 * Declares the errors of a package, each with the code `<namespace>.<name>`. Every package has one such table, in
 * `src/errors.ts`; the reference page of errors is generated from all of them.
 */
export function defineErrors<const Specs extends Record<string, ErrorSpec>>(
  namespace: string,
  specs: Specs,
): ErrorTable<Specs> {
  const table: Record<string, unknown> = {
    specs: Object.fromEntries(Object.entries(specs).map(([name, spec]) => [`${namespace}.${name}`, spec])),
  };
  for (const [name, spec] of Object.entries(specs)) {
    table[name] = (params: Record<string, string | number> = {}, extras: ErrorExtras = {}) =>
      new CounterpointError(`${namespace}.${name}`, spec, params, extras);
  }
  return table as ErrorTable<Specs>;
}

/** Whether `error` is a {@link CounterpointError}, of `code` when one is given. */
export function isCounterpointError(error: unknown, code?: string): error is CounterpointError {
  return error instanceof CounterpointError && (code === undefined || error.code === code);
}

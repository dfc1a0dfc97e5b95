/** Reads one field of an address, from what the router made of it; what does not fit counts as not there. */
export type UrlField<Value> = (written: unknown) => Value;

/** The fields of an address, by their names. */
export type UrlFields = Readonly<Record<string, UrlField<unknown>>>;

/** What fields say. */
export type UrlState<Fields extends UrlFields> = { readonly [Name in keyof Fields]: ReturnType<Fields[Name]> };

/** Text; the router takes text like `42` or `true` for something else, which is put right here. Longer than `longest` (default 4,000) does not fit. */
export function text(): UrlField<string | undefined>;
export function text(fallback: string, longest?: number): UrlField<string>;
export function text(fallback?: string, longest = 4_000): UrlField<string | undefined> {
  return (written) => {
    const read = typeof written === 'number' || typeof written === 'boolean' ? String(written) : written;
    return typeof read === 'string' && read.length <= longest ? read : fallback;
  };
}

/** One of some words. */
export function oneOf<const Name extends string>(names: readonly Name[]): UrlField<Name | undefined>;
export function oneOf<const Name extends string>(names: readonly Name[], fallback: NoInfer<Name>): UrlField<Name>;
export function oneOf<const Name extends string>(
  names: readonly Name[],
  fallback?: NoInfer<Name>,
): UrlField<Name | undefined> {
  // A value such as 1 may be written without quotes.
  return (written) => names.find((name) => name === written || name === String(written)) ?? fallback;
}

/** Several texts: a list, or one text with commas as people write it into a link. With `names`, the others of them are left out. */
export function several(): UrlField<readonly string[] | undefined>;
export function several<const Name extends string>(names: readonly Name[]): UrlField<readonly Name[] | undefined>;
export function several(names?: readonly string[]): UrlField<readonly string[] | undefined> {
  return (written) => {
    const list = typeof written === 'string' ? written.split(',') : written;
    if (!Array.isArray(list)) return undefined;
    const kept = list.filter((one): one is string => typeof one === 'string' && (names?.includes(one) ?? one !== ''));
    return kept.length > 0 ? kept : undefined;
  };
}

/** Yes or no; no unless the address says so. */
export const flag: UrlField<boolean> = (written) =>
  written === true || written === 'true' || written === 1 || written === '1';

/** A whole number. */
export const whole: UrlField<number | undefined> = (written) => {
  const read = typeof written === 'string' && written.trim() !== '' ? Number(written) : written;
  return Number.isSafeInteger(read) ? (read as number) : undefined;
};

/** Reads every field by itself: one that somebody mistyped in the address does not spoil the others. */
export function readUrl<Fields extends UrlFields>(
  fields: Fields,
  search: Readonly<Record<string, unknown>>,
): UrlState<Fields> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, read]) => [name, read(search[name])]),
  ) as UrlState<Fields>;
}

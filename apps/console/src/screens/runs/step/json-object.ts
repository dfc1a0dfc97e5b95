/** A map that was written as JSON, or what is wrong with it. */
export type ReadObject =
  | { readonly value: Readonly<Record<string, unknown>>; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

/** Reads the text of an editor as a JSON map. */
export function readObject(text: string): ReadObject {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { value: value as Readonly<Record<string, unknown>> };
    }
    return { problem: 'It must be a map: { "name": value }.' };
  } catch (error) {
    return { problem: error instanceof Error ? placed(text, error.message) : String(error) };
  }
}

/** Says the line of a mistake, where the browser names only its offset. */
function placed(text: string, message: string): string {
  const offset = /position (\d+)/.exec(message)?.[1];
  if (offset === undefined || /line \d+/.test(message)) return message;
  return `${message} (line ${text.slice(0, Number(offset)).split('\n').length})`;
}

/** A value as people edit it. */
export function editable(value: unknown): string {
  return JSON.stringify(value ?? {}, null, 2);
}

/** Whether two values are the same as JSON, whatever the order of their fields. */
export function sameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}

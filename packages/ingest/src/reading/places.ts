import { EVERY, type PathStep } from '../path.ts';

const MOST = 100;

/**
 * Where in an item paths lead, as JSON Pointers (RFC 6901), each once, at most 100; `[*]` gives one for each element.
 * A path that leads nowhere gives none.
 */
export function placesOf(item: unknown, paths: readonly (readonly PathStep[])[]): readonly string[] {
  const places = new Set<string>();
  for (const path of paths) {
    for (const place of leads(item, path)) {
      if (places.size >= MOST) break;
      places.add(place);
    }
  }
  return [...places];
}

function* leads(value: unknown, path: readonly PathStep[], from = 0, place = ''): Generator<string> {
  if (from === path.length) {
    yield place;
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const step = path[from] as PathStep;
  const keys = step === EVERY ? everyIndex(value) : [step];
  for (const key of keys) {
    if (!Object.hasOwn(value, key)) continue;
    const inner = (value as Readonly<Record<string | number, unknown>>)[key];
    yield* leads(inner, path, from + 1, `${place}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

function everyIndex(value: object): readonly number[] {
  return Array.isArray(value) ? value.slice(0, MOST).map((_inner, index) => index) : [];
}

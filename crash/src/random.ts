/** Numbers that look like chance and are the same for the same seed (Mulberry32, public domain algorithm by T. Ettinger). */
export interface Random {
  /** 0 up to 1. */
  next(): number;
  /** A whole number from `low` up to and including `high`. */
  between(low: number, high: number): number;
  pick<Item>(items: readonly Item[]): Item;
}

/** Makes a {@link Random}. @param seed a whole number */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick(items) {
      if (items.length === 0) throw new RangeError('there is nothing to pick from');
      return items[Math.floor(next() * items.length)] as (typeof items)[number];
    },
  };
}

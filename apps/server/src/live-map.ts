/** What a view on maps shows of each entry. */
type Shown<Kept, Value> = (kept: Kept) => Value;

/**
 * Several maps as one, as they stand whenever it is asked; of equal keys the first map counts.
 *
 * @param show What is seen of each value.
 */
export function liveMap<Kept, Value>(
  maps: readonly ReadonlyMap<string, Kept>[],
  show: Shown<Kept, Value>,
): ReadonlyMap<string, Value> {
  const gathered = (): Map<string, Value> =>
    new Map(maps.toReversed().flatMap((map) => [...map].map(([key, kept]) => [key, show(kept)] as const)));
  const holder = (key: string) => maps.find((map) => map.has(key));
  const view: ReadonlyMap<string, Value> = {
    get size() {
      return gathered().size;
    },
    has: (key) => holder(key) !== undefined,
    get(key) {
      const map = holder(key);
      return map && show(map.get(key) as Kept);
    },
    entries: () => gathered().entries(),
    keys: () => gathered().keys(),
    values: () => gathered().values(),
    forEach(each) {
      for (const [key, value] of gathered()) each(value, key, view);
    },
    [Symbol.iterator]: () => gathered()[Symbol.iterator](),
  };
  return view;
}

type Quality = 0 | 1 | 2;

interface Level<Subscriber> {
  readonly children: Map<string, Level<Subscriber>>;
  /** Subscribers whose filter ends here. */
  readonly here: Map<Subscriber, Quality>;
  /** Subscribers whose filter ends here with `#`. */
  readonly below: Map<Subscriber, Quality>;
}

/** Finds who subscribed to a topic, by MQTT 3.1.1 section 4.7, each subscriber once however many of its filters match. */
export interface SubscriptionIndex<Subscriber> {
  add(filter: string, subscriber: Subscriber, quality: Quality): void;
  remove(filter: string, subscriber: Subscriber): void;
  /** Subscribers, with the highest quality of service that any matching filter asked for. */
  match(topic: string): ReadonlyMap<Subscriber, Quality>;
  /** How many subscriptions have exactly this filter. */
  count(filter: string): number;
}

/** Makes an empty index. */
export function createSubscriptionIndex<Subscriber>(): SubscriptionIndex<Subscriber> {
  const root = newLevel<Subscriber>();
  const exact = new Map<string, Map<Subscriber, Quality>>();
  let wildcards = 0;

  const setOf = (filter: string): Map<Subscriber, Quality> | undefined =>
    isWildcard(filter) ? find(root, filter) : exact.get(filter);

  return {
    add(filter, subscriber, quality) {
      const set = isWildcard(filter) ? make(root, filter) : emplace(exact, filter, () => new Map());
      if (isWildcard(filter) && !set.has(subscriber)) wildcards += 1;
      set.set(subscriber, quality);
    },
    remove(filter, subscriber) {
      const set = setOf(filter);
      if (!set?.delete(subscriber)) return;
      if (isWildcard(filter)) {
        wildcards -= 1;
        prune(root, filter.split('/'));
      } else if (set.size === 0) exact.delete(filter);
    },
    match(topic) {
      const direct = exact.get(topic);
      if (wildcards === 0) return direct ?? new Map();
      const found = new Map(direct);
      collect(root, topic.split('/'), 0, found);
      return found;
    },
    count: (filter) => setOf(filter)?.size ?? 0,
  };
}

function newLevel<Subscriber>(): Level<Subscriber> {
  return { children: new Map(), here: new Map(), below: new Map() };
}

function isWildcard(filter: string): boolean {
  return filter.includes('+') || filter.endsWith('#');
}

function emplace<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = create();
    map.set(key, value);
  }
  return value;
}

function make<Subscriber>(root: Level<Subscriber>, filter: string): Map<Subscriber, Quality> {
  let level = root;
  const words = filter.split('/');
  const ends = words.at(-1) === '#';
  for (const word of ends ? words.slice(0, -1) : words) level = emplace(level.children, word, newLevel<Subscriber>);
  return ends ? level.below : level.here;
}

function find<Subscriber>(root: Level<Subscriber>, filter: string): Map<Subscriber, Quality> | undefined {
  const words = filter.split('/');
  const ends = words.at(-1) === '#';
  let level: Level<Subscriber> | undefined = root;
  for (const word of ends ? words.slice(0, -1) : words) level = level?.children.get(word);
  return ends ? level?.below : level?.here;
}

/** Removes levels that nothing hangs on any more. @returns whether this one may go too */
function prune<Subscriber>(level: Level<Subscriber>, [word, ...rest]: readonly string[]): boolean {
  const child = word === undefined || word === '#' ? undefined : level.children.get(word);
  if (word !== undefined && child && prune(child, rest)) level.children.delete(word);
  return level.children.size === 0 && level.here.size === 0 && level.below.size === 0;
}

function collect<Subscriber>(
  level: Level<Subscriber>,
  words: readonly string[],
  depth: number,
  found: Map<Subscriber, Quality>,
): void {
  // A filter that begins with a wildcard does not reach topics that begin with $ [MQTT-4.7.2-1].
  const hidden = depth === 0 && words[0]?.startsWith('$') === true;
  if (!hidden) merge(level.below, found);
  const word = words[depth];
  if (word === undefined) {
    merge(level.here, found);
    return;
  }
  const child = level.children.get(word);
  if (child) collect(child, words, depth + 1, found);
  const any = hidden ? undefined : level.children.get('+');
  if (any) collect(any, words, depth + 1, found);
}

function merge<Subscriber>(from: ReadonlyMap<Subscriber, Quality>, into: Map<Subscriber, Quality>): void {
  for (const [subscriber, quality] of from) {
    if ((into.get(subscriber) ?? -1) < quality) into.set(subscriber, quality);
  }
}

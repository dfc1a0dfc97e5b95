import { topicMatches } from '@counterpoint/events';

/** How many answers a filter keeps; foreign topics can be any number. */
const KEPT = 10_000;

/** Tells which topics meet any of some patterns; asked for every event, so it keeps its answers. */
export function topicFilter(patterns: readonly string[]): (topic: string) => boolean {
  const known = new Map<string, boolean>();
  return (topic) => {
    const answer = known.get(topic);
    if (answer !== undefined) return answer;
    if (known.size >= KEPT) known.clear();
    const meets = patterns.some((pattern) => topicMatches(pattern, topic));
    known.set(topic, meets);
    return meets;
  };
}

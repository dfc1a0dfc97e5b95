const TOPIC = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*\.v[1-9][0-9]*$/;
const FOREIGN = /^(dxl|mqtt)(\.[A-Za-z0-9_%-]+)+$/;
const MAX_LENGTH = 200;

/** Whether `topic` is a topic name of our own: dotted lower-case words with a version, such as `alert.created.v1`. */
export function isTopicName(topic: string): boolean {
  return topic.length <= MAX_LENGTH && TOPIC.test(topic);
}

/**
 * Whether `topic` belongs to another system that a gateway joins to the fabric: its name under `dxl.` or `mqtt.`, word by
 * word, with what is not a letter, digit, `_` or `-` percent-encoded. Such topics have no schema, and what comes over
 * them is untrusted.
 */
export function isForeignTopic(topic: string): boolean {
  return topic.length <= MAX_LENGTH * 4 && FOREIGN.test(topic);
}

/** Whether a topic meets a pattern: `*` stands for exactly one word, a `>` at the end for one word or more. */
export function topicMatches(pattern: string, topic: string): boolean {
  const wanted = pattern.split('.');
  const words = topic.split('.');
  const rest = wanted.at(-1) === '>' ? wanted.length - 1 : undefined;
  if (rest === undefined ? wanted.length !== words.length : words.length <= rest) return false;
  return wanted.slice(0, rest).every((word, index) => word === '*' || word === words[index]);
}

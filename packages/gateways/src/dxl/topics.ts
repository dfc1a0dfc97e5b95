import { isForeignTopic, isTopicName } from '@counterpoint/events';

/** Where topics of our own are on OpenDXL: `alert.created.v1` is `/counterpoint/event/alert/created/v1`. */
export const OWN_EVENTS = '/counterpoint/event/';
/** Where actions of connections are: `<connector>.<action>` is `/counterpoint/service/<connector>/<action>`. */
export const OWN_SERVICES = '/counterpoint/service/';
/** Events of the broker itself; nobody else publishes there. */
export const BROKER_EVENTS = '/mcafee/event/dxl/';
/** Requests that the broker itself answers. */
export const BROKER_SERVICES = '/mcafee/service/dxl/';
/** Each client takes its answers on a topic of its own below this. */
export const REPLIES = '/mcafee/client/';

/** What topics of OpenDXL begin with on the fabric. */
export const PREFIX = 'dxl.';
/** What no word of a topic can be encoded to: an empty word, and the mark of a topic without a slash at its beginning. */
const EMPTY = '%00';
const BARE = '%';

function encodeWord(word: string): string {
  if (word === '') return EMPTY;
  if (/^[A-Za-z0-9_-]+$/.test(word)) return word;
  return [...Buffer.from(word)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function decodeWord(word: string): string {
  if (word === EMPTY) return '';
  if (!word.includes('%')) return word;
  const bytes = word.replace(/%([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The fabric's topic for a topic of OpenDXL; undefined when there is none: too long, or below our prefix and no topic. */
export function toFabricTopic(topic: string): string | undefined {
  if (topic.startsWith(OWN_EVENTS)) {
    const own = topic.slice(OWN_EVENTS.length).replaceAll('/', '.');
    return isTopicName(own) && !topic.includes('.') ? own : undefined;
  }
  const words = topic.split('/');
  const rest = topic.startsWith('/') ? words.slice(1).map(encodeWord) : [BARE, ...words.map(encodeWord)];
  const name = PREFIX + rest.join('.');
  return isForeignTopic(name) ? name : undefined;
}

/** Whether a message can be published on a topic of MQTT; clients may disconnect for one that cannot [MQTT-3.3.2-2, 4.7.3]. */
export function isPublishable(topic: string): boolean {
  return topic !== '' && !/[+#\0]/.test(topic);
}

/** Whether only the broker speaks or listens on a topic. */
export function isReserved(topic: string): boolean {
  return [BROKER_EVENTS, BROKER_SERVICES, REPLIES].some((prefix) => topic.startsWith(prefix));
}

/**
 * The topic of OpenDXL for one of the fabric; undefined for topics of other gateways, and for those that no client of
 * OpenDXL could have published on: participants of other gateways cannot speak for the broker, or for a topic of ours.
 */
export function toDxlTopic(topic: string): string | undefined {
  if (!topic.startsWith(PREFIX)) return isTopicName(topic) ? OWN_EVENTS + topic.replaceAll('.', '/') : undefined;
  const words = topic.slice(PREFIX.length).split('.');
  const bare = words[0] === BARE;
  const name = (bare ? '' : '/') + (bare ? words.slice(1) : words).map(decodeWord).join('/');
  return isPublishable(name) && !isReserved(name) && toFabricTopic(name) === topic ? name : undefined;
}

/** The pattern of the fabric that reaches as far among the topics of OpenDXL as an MQTT filter does. */
export function toFabricPattern(filter: string): string {
  const bare = !filter.startsWith('/') && filter !== '#';
  const words = (filter.startsWith('/') ? filter.slice(1) : filter)
    .split('/')
    .map((word) => (word === '#' ? '>' : word === '+' ? '*' : encodeWord(word)));
  return PREFIX + (bare ? [BARE, ...words] : words).join('.');
}

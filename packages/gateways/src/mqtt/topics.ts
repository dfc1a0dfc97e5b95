import { isForeignTopic, isTopicName } from '@counterpoint/events';

/** A word of a foreign topic for an empty level, such as the first of `/a`; no encoded character looks like it. */
const EMPTY = '%';

function encode(level: string): string {
  if (level === '') return EMPTY;
  return encodeURIComponent(level).replace(
    /[.!~*'()]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

function decode(word: string): string | undefined {
  if (word === EMPTY) return '';
  try {
    return decodeURIComponent(word);
  } catch {
    return undefined;
  }
}

/**
 * The topic of the fabric that an MQTT topic stands for: `verdict/file/v1` is `verdict.file.v1`, `dxl/a/b` is `dxl.a.b`,
 * and everything else is foreign, such as `mqtt.plant.line-1` for `plant/line-1`. Undefined: it is too long, names what
 * only this server may (`$…`), or cannot be written.
 */
export function toFabric(topic: string): string | undefined {
  if (topic === '' || topic.startsWith('$')) return undefined;
  const levels = topic.split('/');
  const own = levels.join('.');
  if (isTopicName(own) && own.split('.').length === levels.length && !/^(?:dxl|mqtt)\./.test(own)) return own;
  let words: string[];
  try {
    words = levels.map(encode);
  } catch {
    // A lone surrogate has no UTF-8.
    return undefined;
  }
  const foreign = words[0] === 'dxl' && words.length > 1 ? words.join('.') : `mqtt.${words.join('.')}`;
  return isForeignTopic(foreign) ? foreign : undefined;
}

/**
 * The MQTT topic that a topic of the fabric is delivered on. Undefined: there is none that means this and nothing else, so
 * that a foreign topic never looks like one of our own.
 */
export function toMqtt(topic: string): string | undefined {
  const words = topic.split('.');
  if (!isForeignTopic(topic)) return words.join('/');
  const levels = (words[0] === 'mqtt' ? words.slice(1) : words).map(decode);
  if (levels.includes(undefined)) return undefined;
  const written = levels.join('/');
  return ['+', '#', '\0'].some((char) => written.includes(char)) || toFabric(written) !== topic ? undefined : written;
}

/** The topic patterns of the fabric that an MQTT filter stands for; none when it is no filter. */
export function patternsOf(filter: string): readonly string[] {
  const levels = filter.split('/');
  const wrong = levels.some(
    (level, at) => (/[+#]/.test(level) && level.length > 1) || (level === '#' && at < levels.length - 1),
  );
  if (filter === '' || filter.startsWith('$') || wrong) return [];
  const word = (level: string) => (level === '+' ? '*' : level === '#' ? '>' : undefined);
  let foreign: string;
  try {
    foreign = levels.map((level) => word(level) ?? encode(level)).join('.');
  } catch {
    return [];
  }
  if (levels[0] === 'dxl') return [foreign, `mqtt.${foreign}`];
  const own = levels.every((level) => word(level) !== undefined || /^[a-z0-9_]+$/.test(level));
  return [...(own ? [foreign] : []), `mqtt.${foreign}`];
}

/** The service that a level of a topic names, percent-encoded where it has `/` in it. Undefined: no text is encoded so. */
export function serviceIn(level: string): string | undefined {
  try {
    return decodeURIComponent(level);
  } catch {
    return undefined;
  }
}

import type { JsonSchema } from '@counterpoint/connector-kit';
import { parseTopic } from '@counterpoint/playbook';
import { describe, expect, it } from 'vitest';
import { breakingChanges, brokenTopics } from './topic-changes.ts';

const schema = (properties: object, required: string[] = [], more: object = {}): JsonSchema =>
  ({ type: 'object', properties, required, additionalProperties: false, ...more }) as JsonSchema;
const text = { type: 'string' };
const tags = { type: 'array', items: schema({ name: text }) };
const before = schema({ ip: text, tags }, ['ip']);

describe('a changed schema', () => {
  it.each([
    [
      'words',
      schema({ ip: { ...text, description: 'An address' }, tags: { type: 'array', items: schema({ name: text }) } }, [
        'ip',
      ]),
    ],
    ['a field that may be left out', schema({ ...(before.properties as object), port: text }, ['ip'])],
    [
      'such a field further in',
      schema({ ip: text, tags: { type: 'array', items: schema({ name: text, n: text }) } }, ['ip']),
    ],
  ])('may add %s', (_what, after) => {
    expect(breakingChanges(before, after)).toEqual([]);
  });

  it.each([
    ['ip is gone', schema({ tags }, ['ip'])],
    ['what ip may be has changed', schema({ ...(before.properties as object), ip: { type: 'integer' } }, ['ip'])],
    ['tags of the data is required now', schema(before.properties as object, ['ip', 'tags'])],
    ['ip of the data may be missing now', schema(before.properties as object)],
    ['what the data may be has changed', schema(before.properties as object, ['ip'], { additionalProperties: true })],
    ['tags[].name is gone', schema({ ip: text, tags: { type: 'array', items: schema({}) } }, ['ip'])],
  ])('needs a new version when %s', (why, after) => {
    expect(breakingChanges(before, after)).toEqual([why]);
  });

  it('is told by topic; new and removed topics are none of it', () => {
    const topic = (name: string, of: JsonSchema) => parseTopic({ topic: name, title: name, schema: of as never });
    const map = (...all: ReturnType<typeof topic>[]) => new Map(all.map((one) => [one.topic, one]));
    const now = map(topic('a.v1', schema({})), topic('new.v1', before), topic('same.v1', before));
    const was = map(topic('a.v1', before), topic('gone.v1', before), topic('same.v1', before));
    expect([...brokenTopics(was, now).keys()]).toEqual(['a.v1']);
  });
});

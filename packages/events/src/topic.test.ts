import { describe, expect, it } from 'vitest';
import { isForeignTopic, isTopicName, topicMatches } from './topic.ts';

describe('isTopicName', () => {
  it.each(['alert.created.v1', 'mail.reported.v12'])('takes %s', (topic) => expect(isTopicName(topic)).toBe(true));
  it.each(['alert', 'alert.created', 'Alert.v1', 'a..v1', 'a.v0', 'a b.v1'])('refuses %j', (topic) =>
    expect(isTopicName(topic)).toBe(false),
  );
});

describe('isForeignTopic', () => {
  it.each(['dxl.mcafee.event.tie', 'mqtt.a%2Fb.C'])('takes %s', (topic) => expect(isForeignTopic(topic)).toBe(true));
  it.each(['dxl', 'dxl.', 'dxl.a b', 'other.a', 'dxl.a/b'])('refuses %j', (topic) =>
    expect(isForeignTopic(topic)).toBe(false),
  );
});

describe('topicMatches', () => {
  it.each([
    ['alert.created.v1', 'alert.created.v1', true],
    ['alert.*.v1', 'alert.created.v1', true],
    ['alert.*', 'alert.created.v1', false],
    ['alert.>', 'alert.created.v1', true],
    ['alert.>', 'alert', false],
    ['>', 'alert.created.v1', true],
    ['*.created.v1', 'alert.created.v1', true],
    ['alert.created', 'alert.created.v1', false],
  ])('%s on %s: %s', (pattern, topic, expected) => expect(topicMatches(pattern, topic)).toBe(expected));
});

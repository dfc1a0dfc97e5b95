import { parseTopic } from '@counterpoint/playbook';
import { describe, expect, it } from 'vitest';
import { createEventCheck } from './event-check.ts';

describe('event check', () => {
  const check = createEventCheck(new Map());

  it('leaves topics of other systems alone, whatever is published there', () => {
    expect(check('dxl.example.event', { anything: true })).toBeUndefined();
    expect(check('mqtt.sensors.1', 'text')).toBeUndefined();
  });

  it('says where the data are not what the topic declares, once', () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'object', properties: { b: { type: 'number' } } } },
      required: ['a'],
    };
    const declared = new Map([['verdict.file.v1', parseTopic({ topic: 'verdict.file.v1', title: 'Verdict', schema })]]);
    const { message } = createEventCheck(declared)('verdict.file.v1', { a: { b: 'x' } }) ?? {};
    expect(message).toBe('The data does not match the schema of verdict.file.v1: a.b must be number.');
    const missing = createEventCheck(declared)('verdict.file.v1', {});
    expect(missing?.message).toContain("verdict.file.v1: it must have required property 'a'");
  });

  it('refuses a topic of our own that is not declared', () => {
    expect(check('dxl_like.v1', {})?.code).toBe('events.topic_unknown');
    expect(check('dxl.', {})?.code).toBe('events.topic_unknown');
  });
});

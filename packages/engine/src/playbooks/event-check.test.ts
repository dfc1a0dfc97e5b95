import { describe, expect, it } from 'vitest';
import { createEventCheck } from './event-check.ts';

describe('event check', () => {
  const check = createEventCheck(new Map());

  it('leaves topics of other systems alone, whatever is published there', () => {
    expect(check('dxl.example.event', { anything: true })).toBeUndefined();
    expect(check('mqtt.sensors.1', 'text')).toBeUndefined();
  });

  it('refuses a topic of our own that is not declared', () => {
    expect(check('dxl_like.v1', {})?.code).toBe('events.topic_unknown');
    expect(check('dxl.', {})?.code).toBe('events.topic_unknown');
  });
});

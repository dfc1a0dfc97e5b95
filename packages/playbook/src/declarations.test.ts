import { readdirSync, readFileSync } from 'node:fs';
import { isCounterpointError, type Json, parseJson } from '@counterpoint/core';
import { describe, expect, it } from 'vitest';
import { parseCapability, parseTopic } from './declarations.ts';

const content = new URL('../../../content/', import.meta.url);

function filesOf(folder: string): readonly (readonly [string, Json])[] {
  return readdirSync(new URL(folder, content)).map((name) => [
    name,
    parseJson(readFileSync(new URL(folder + name, content), 'utf8')),
  ]);
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return isCounterpointError(error) ? `${error.code} ${error.message}` : String(error);
  }
  return 'nothing thrown';
}

describe('parseTopic', () => {
  it.each(filesOf('topics/'))('reads %s, which is named after its topic', (name, json) => {
    const topic = parseTopic(json);
    expect(`${topic.topic}.json`).toBe(name);
    expect(topic.schema).toBeDefined();
  });

  it('takes an open topic of somebody else, without version and schema', () => {
    expect(parseTopic({ topic: 'dxl.mcafee.event.tie', title: 'Reputation', open: true })).toEqual({
      topic: 'dxl.mcafee.event.tie',
      title: 'Reputation',
      open: true,
      schema: undefined,
    });
  });

  it.each([
    [{ topic: 'a.v1', title: 'A' }, 'schema: missing'],
    [{ topic: 'a', title: 'A', schema: {} }, 'topic: not a name'],
    [{ topic: 'a.v1', title: 'A', schema: { type: 'strin' } }, 'not a JSON Schema'],
    [{ topic: 'a.v1', title: 'A', schema: {}, scheme: {} }, 'scheme'],
    [{ topic: 'a.v1', title: 'A', open: true, schema: {} }, 'open topic'],
    ['a.v1', 'playbook.topic_invalid'],
    [null, 'without a name'],
  ] as [Json, string][])('refuses %j', (json, reason) => {
    expect(codeOf(() => parseTopic(json))).toContain(reason);
  });
});

describe('parseCapability', () => {
  it.each(filesOf('capabilities/'))('reads %s, which is named after its capability', (name, json) => {
    const { name: capability, contract } = parseCapability(json);
    expect(`${capability}.json`).toBe(name);
    expect(contract.input.type).toBe('object');
  });

  it.each([
    [{ capability: 'blockIp', title: 'B', effect: 'contain', input: {}, output: {} }, 'snake_case'],
    [{ capability: 'block', title: 'B', effect: 'kill', input: {}, output: {} }, 'effect'],
    [[], 'playbook.capability_invalid'],
  ] as [Json, string][])('refuses %j', (json, reason) => {
    expect(codeOf(() => parseCapability(json))).toContain(reason);
  });
});

import { isForeignTopic, isTopicName, topicMatches } from '@counterpoint/events';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { patternsOf, serviceIn, toFabric, toMqtt } from './topics.ts';

const level = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !/[/+#\0]/.test(text));
const topic = fc
  .array(level, { minLength: 1, maxLength: 5 })
  .map((levels) => levels.join('/'))
  .filter((text) => text !== '' && !text.startsWith('$'));

describe('toFabric', () => {
  it.each([
    ['verdict/file/v1', 'verdict.file.v1'],
    ['verdict/file', 'mqtt.verdict.file'],
    ['Verdict/file/v1', 'mqtt.Verdict.file.v1'],
    ['verdict.file/v1', 'mqtt.verdict%2Efile.v1'],
    ['/plant/line 1/', 'mqtt.%.plant.line%201.%'],
    ['dxl/a/b', 'dxl.a.b'],
    ['dxl', 'mqtt.dxl'],
    ['mqtt/file/v1', 'mqtt.mqtt.file.v1'],
    ['dxl/file/v1', 'dxl.file.v1'],
    ['$SYS/x', undefined],
    ['', undefined],
    ['a/'.repeat(500), undefined],
  ])('%s is %s', (given, expected) => expect(toFabric(given)).toBe(expected));

  property.prop([topic])('makes names of topics that come back as they were', (given) => {
    const written = toFabric(given);
    if (written === undefined) return;
    expect(isTopicName(written) || isForeignTopic(written)).toBe(true);
    expect(toMqtt(written)).toBe(given);
  });
});

describe('toMqtt', () => {
  it('never shows a foreign topic as one of our own', () => {
    expect(toMqtt('mqtt.verdict.file.v1')).toBeUndefined();
    expect(toMqtt('mqtt.dxl.a')).toBeUndefined();
    expect(toMqtt('mqtt.a%23')).toBeUndefined();
    expect(toMqtt('mqtt.%zz')).toBeUndefined();
    expect(toMqtt('mqtt.verdict.file')).toBe('verdict/file');
  });
});

describe('patternsOf', () => {
  it.each([
    ['#', ['>', 'mqtt.>']],
    ['verdict/#', ['verdict.>', 'mqtt.verdict.>']],
    ['verdict/+/v1', ['verdict.*.v1', 'mqtt.verdict.*.v1']],
    ['Plant/+', ['mqtt.Plant.*']],
    ['dxl/a/#', ['dxl.a.>', 'mqtt.dxl.a.>']],
    ['a/#/b', []],
    ['a+/b', []],
    ['$SYS/#', []],
    ['', []],
  ])('%s stands for %j', (filter, patterns) => expect(patternsOf(filter)).toEqual(patterns));

  property.prop([topic])('of a topic itself match what it is called on the fabric', (given) => {
    const written = toFabric(given);
    if (written === undefined) return;
    expect(patternsOf(given).some((pattern) => topicMatches(pattern, written))).toBe(true);
  });
});

describe('serviceIn', () => {
  it.each([
    ['sinkhole.block_domain', 'sinkhole.block_domain'],
    ['dxl.%2Fmycompany%2Flook', 'dxl./mycompany/look'],
    ['%E0%A4%A', undefined],
  ])('%s names %s', (level, service) => expect(serviceIn(level)).toBe(service));
});

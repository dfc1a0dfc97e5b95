import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../event-log.ts';
import {
  type EventLogSubject,
  type EventLogUnderTest,
  labelled,
  labelOf,
  listener,
  ofSubject,
  work,
} from './event-log-subject.ts';
import { until } from './until.ts';

export function describeDelivery(subject: EventLogSubject): void {
  let under: EventLogUnderTest;
  beforeEach(async () => {
    under = await subject.open();
  });
  afterEach(() => under.destroy());

  describe('delivery', () => {
    it('tells every consumer of what came before and after it began, once, at growing positions', async () => {
      const positions: number[] = [];
      const [one, two] = [listener({ name: 'one' }), listener({ name: 'two' })];
      const handle = (logged: LoggedEvent) => {
        positions.push(logged.position);
        return one.consumer.handle(logged);
      };
      await under.log.append([labelled('a'), labelled('b')]);
      const first = await under.log.consume({ ...one.consumer, inFlight: 1, handle });
      const second = await under.log.consume(two.consumer);
      await under.log.append([labelled('c')]);
      await first.drain();
      await second.drain();
      expect(one.heard).toEqual(['a', 'b', 'c']);
      expect(two.heard.toSorted()).toEqual(['a', 'b', 'c']);
      expect(positions).toEqual([...new Set(positions)].toSorted((a, b) => a - b));
    });

    it('tells of an event by itself', async () => {
      const { heard, consumer } = listener();
      await under.log.consume(consumer);
      await under.log.append([labelled('a')]);
      await until('it was heard', () => heard.length === 1);
    });

    it('hands over the envelope as it was appended', async () => {
      const seen: LoggedEvent[] = [];
      const event = { ...labelled('a\u0000ü😀', 'ä/b c'), participant: 'p', hop: 3 };
      await under.log.append([event]);
      await work(under.log, { ...listener().consumer, handle: async (logged) => void seen.push(logged) });
      expect(seen.map((logged) => logged.event)).toEqual([event]);
    });

    it('appends an event once, however often it is given', async () => {
      const [a, b] = [labelled('a'), labelled('b')];
      await under.log.append([a]);
      await under.log.append([a, b, b]);
      const { heard, consumer } = listener();
      await work(under.log, consumer);
      expect(heard.toSorted()).toEqual(['a', 'b']);
    });

    it.each([
      [['alert.created.v1'], ['own']],
      [['alert.*.v1'], ['own']],
      [['*.created.v1', 'alert.created.v1'], ['own']],
      [['dxl.>'], ['dxl']],
      [['dxl.mcafee.*', 'mqtt.>'], ['mqtt']],
      [
        ['dxl.mcafee.*.%2Ffile', 'alert.>'],
        ['dxl', 'own'],
      ],
      [['>'], ['dxl', 'mqtt', 'own']],
    ])('tells who wants %j of %j', async (topics, expected) => {
      const { heard, consumer } = listener({ topics });
      await under.log.append([
        labelled('own'),
        labelled('dxl', 's', 'dxl.mcafee.event.%2Ffile'),
        labelled('mqtt', 's', 'mqtt.zigbee.Lamp-1'),
      ]);
      await work(under.log, consumer);
      expect(heard.toSorted()).toEqual(expected);
    });

    it('keeps the order of a subject, and never tells of two of its events at a time', async () => {
      const running = new Map<string, number>();
      const heard: string[] = [];
      let most = 0;
      const handle = async (logged: LoggedEvent) => {
        const key = logged.event.subject;
        running.set(key, (running.get(key) ?? 0) + 1);
        expect(running.get(key)).toBe(1);
        most = Math.max(most, running.size);
        await new Promise((resolve) => setTimeout(resolve, heard.length % 3));
        heard.push(labelOf(logged));
        running.delete(key);
      };
      const labels = Array.from({ length: 12 }, (_, n) => n);
      for (const n of labels) await under.log.append(['a', 'b', 'c', 'd'].map((key) => labelled(`${key}${n}`, key)));
      await work(under.log, { ...listener().consumer, handle, inFlight: 3 });
      expect(most).toBe(3);
      for (const key of ['a', 'b', 'c', 'd']) {
        expect(heard.filter((label) => label.startsWith(key))).toEqual(labels.map((n) => `${key}${n}`));
      }
    });

    it('takes many more than are under way at once', async () => {
      const { heard, consumer } = listener({ inFlight: 50 });
      const labels = Array.from({ length: 1_500 }, (_, n) => `s${n}`);
      const consumption = await under.log.consume(consumer);
      await under.log.append(labels.map((label) => labelled(label)));
      await consumption.drain();
      expect(heard).toEqual(labels);
    });
  });

  describe('a consumer', () => {
    it('goes on where it was, in another process', async () => {
      const before = listener();
      await under.log.append([labelled('a')]);
      await work(under.log, before.consumer);
      await under.log.append([labelled('b')]);
      await under.reopen();
      await under.log.append([labelled('c')]);
      const after = listener();
      await work(under.log, after.consumer);
      expect([before.heard, after.heard]).toEqual([['a'], ['b', 'c']]);
    });

    it('begins with what is new unless it says otherwise, and keeps that beginning', async () => {
      await under.log.append([labelled('a')]);
      const { consumer, heard } = listener();
      const { start: _, ...silent } = consumer;
      await work(under.log, silent);
      await under.log.append([labelled('b')]);
      await under.reopen();
      await work(under.log, silent);
      expect(heard).toEqual(['b']);
    });

    it('begins where it says', async () => {
      await under.log.append([labelled('a'), labelled('b')]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const since = Date.now();
      await under.log.append([labelled('c')]);
      const [first] = await under.log.read({ topics: ['>'], start: 'first' });
      const after = listener({ name: 'after', start: { after: first?.position ?? 0 } });
      const late = listener({ name: 'late', start: { since } });
      await work(under.log, after.consumer);
      await work(under.log, late.consumer);
      expect([after.heard, late.heard]).toEqual([['b', 'c'], ['c']]);
    });

    it('begins at the end when it says a place that the log has not reached', async () => {
      await under.log.append([labelled('a')]);
      const [{ position = 0 } = {}] = await under.log.read({ topics: ['>'], start: 'first' });
      const { heard, consumer } = listener({ start: { after: position + 1_000_000 } });
      const consumption = await under.log.consume(consumer);
      await under.log.append([labelled('b')]);
      await consumption.drain();
      await until('it was heard', () => heard.length === 1);
      expect(heard).toEqual(['b']);
      await consumption.stop();
      await under.log.rewind(consumer.name, { after: position + 1_000_000 });
      const again = listener();
      await under.log.append([labelled('c')]);
      await work(under.log, again.consumer);
      expect(again.heard).toEqual(['c']);
    });

    it('is told again of what it was dealing with when the process dies', async () => {
      const before = listener();
      const handle = async (logged: LoggedEvent) => {
        await before.consumer.handle(logged);
        await new Promise(() => undefined);
      };
      await under.log.append([labelled('a')]);
      await under.log.consume({ ...before.consumer, handle });
      await until('it was heard', () => before.heard.length === 1);
      await under.crash();
      const after = listener();
      await work(under.log, after.consumer);
      await under.reopen();
      await work(under.log, after.consumer);
      expect([before.heard, after.heard]).toEqual([['a'], ['a']]);
    });

    it('takes nothing more once it is stopped, and finishes what is under way', async () => {
      const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const { heard, consumer } = listener();
      const handle = async (logged: LoggedEvent) => {
        begun.resolve();
        await end.promise;
        return consumer.handle(logged);
      };
      const consumption = await under.log.consume({ ...consumer, inFlight: 1, handle });
      await under.log.append([labelled('a'), labelled('b')]);
      await begun.promise;
      const stopped = consumption.stop();
      end.resolve();
      await stopped;
      await under.log.append(ofSubject('s', 'c'));
      expect(heard).toEqual(['a']);
      await work(under.log, consumer);
      expect(heard).toEqual(['a', 'b', 'c']);
    });

    it('is at work once at a time', async () => {
      const { consumer } = listener();
      const consumption = await under.log.consume(consumer);
      await expect(under.log.consume(consumer)).rejects.toMatchObject({ code: 'events.consumer_at_work' });
      await expect(under.log.rewind('one', 'first')).rejects.toMatchObject({ code: 'events.consumer_at_work' });
      await expect(under.log.forget('one')).rejects.toMatchObject({ code: 'events.consumer_at_work' });
      await consumption.stop();
      await (await under.log.consume(consumer)).stop();
    });
  });
}

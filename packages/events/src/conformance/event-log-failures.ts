import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errors as eventErrors } from '../errors.ts';
import type { LoggedEvent } from '../event-log.ts';
import {
  deliveriesOf,
  type EventLogSubject,
  type EventLogUnderTest,
  labelled,
  later,
  listener,
  ofSubject,
  work,
} from './event-log-subject.ts';
import { until } from './until.ts';

export function describeFailures(subject: EventLogSubject): void {
  let under: EventLogUnderTest;
  beforeEach(async () => {
    under = await subject.open();
  });
  afterEach(() => under.destroy());
  const startingWith = (heard: readonly string[], start: string) => heard.filter((label) => label.startsWith(start));

  describe('an event that fails', () => {
    it('holds back its own subject only, for that consumer only, and is tried again before what follows', async () => {
      const failing = listener({ name: 'failing' }, (label, time) => label === 'a2' && time < 3);
      const fine = listener({ name: 'fine' });
      const one = await under.log.consume(failing.consumer);
      const two = await under.log.consume(fine.consumer);
      await under.log.append([...ofSubject('a', 'a1', 'a2', 'a3'), labelled('b1', 'b')]);
      await one.drain();
      await under.log.append([labelled('a4', 'a'), labelled('b2', 'b')]);
      await one.drain();
      await two.drain();
      expect(startingWith(failing.heard, 'a')).toEqual(['a1', 'a2']);
      expect(startingWith(failing.heard, 'b')).toEqual(['b1', 'b2']);
      expect(startingWith(fine.heard, 'a')).toEqual(['a1', 'a2', 'a3', 'a4']);
      expect((await deliveriesOf(under)).map(({ consumer, state }) => [consumer, state])).toEqual([
        ['failing', 'retry'],
        ['failing', 'behind'],
        ['failing', 'behind'],
      ]);
      await later(under, 1_000, one);
      await later(under, 1_999, one);
      expect(startingWith(failing.heard, 'a')).toEqual(['a1', 'a2', 'a2']);
      await later(under, 1, one);
      expect(startingWith(failing.heard, 'a')).toEqual(['a1', 'a2', 'a2', 'a2', 'a3', 'a4']);
      await under.log.append([labelled('a5', 'a')]);
      await one.drain();
      expect(failing.heard.at(-1)).toBe('a5');
      expect(await deliveriesOf(under)).toEqual([]);
    });

    it('waits longer each time, as the consumer asks', async () => {
      const backoff = { delay: 100, factor: 3, max: 500 };
      const { heard, consumer } = listener({ backoff }, (_, time) => time < 5);
      const consumption = await under.log.consume(consumer);
      await under.log.append([labelled('a')]);
      await consumption.drain();
      for (const [index, wait] of [100, 300, 500, 500].entries()) {
        await later(under, wait - 1, consumption);
        expect(heard).toHaveLength(index + 1);
        await later(under, 1, consumption);
        expect(heard).toHaveLength(index + 2);
      }
    });

    it('is dead after its last attempt, with the reason, and no longer in the way', async () => {
      const { heard, consumer } = listener({ maxAttempts: 3 }, (label) => label === 'poison');
      const poison = labelled('poison', 's');
      const consumption = await under.log.consume(consumer);
      await under.log.append([poison, labelled('behind it', 's'), labelled('b'), labelled('c')]);
      await consumption.drain();
      expect(heard.toSorted()).toEqual(['b', 'c', 'poison']);
      for (let attempt = 0; attempt < 3; attempt++) await later(under, 10_000, consumption);
      expect(heard.filter((label) => label === 'poison')).toHaveLength(3);
      expect(heard.at(-1)).toBe('behind it');
      expect(await deliveriesOf(under)).toMatchObject([
        {
          consumer: 'one',
          event: poison.id,
          topic: poison.type,
          subject: 's',
          state: 'dead',
          attempts: 3,
          error: 'cannot read poison',
        },
      ]);
      expect(await under.store.find('audit', { where: { action: 'event.dead' } })).toMatchObject([
        {
          object: `event:${poison.id}`,
          trace: poison.trace,
          data: { consumer: 'one', attempts: 3, error: 'cannot read poison' },
        },
      ]);
    });

    it('is dead at once for who has one attempt, and the next of its subject follows', async () => {
      const { heard, consumer } = listener({ maxAttempts: 1 }, (label) => label === 'a1');
      await under.log.append(ofSubject('a', 'a1', 'a2'));
      await work(under.log, consumer);
      expect(heard).toEqual(['a1', 'a2']);
      expect(await deliveriesOf(under)).toMatchObject([{ state: 'dead', attempts: 1 }]);
    });

    it('is still tried before what follows after a restart', async () => {
      const before = listener({}, () => true);
      await under.log.append([labelled('a1', 'a'), labelled('a2', 'a')]);
      await work(under.log, before.consumer);
      await under.reopen();
      await under.log.append([labelled('a3', 'a'), labelled('b1', 'b')]);
      const { heard, consumer } = listener();
      const consumption = await under.log.consume(consumer);
      await consumption.drain();
      expect(heard).toEqual(['b1']);
      await later(under, 1_000, consumption);
      expect(heard).toEqual(['b1', 'a1', 'a2', 'a3']);
    });

    it('that was given back counts as no attempt, and what was dealt with behind it does not come again', async () => {
      const reason = 'its subscriber is gone';
      const { heard, consumer } = listener({ maxAttempts: 1 });
      const returning = {
        ...consumer,
        async handle(logged: LoggedEvent) {
          if (logged.event.subject === 'a' && !heard.includes('b1')) {
            await until('it was heard', () => heard.includes('b1'));
            throw eventErrors.given_back({ reason });
          }
          await consumer.handle(logged);
        },
      };
      const before = await under.log.consume(returning);
      await under.log.append([labelled('a1', 'a'), labelled('b1', 'b'), labelled('a2', 'a')]);
      await before.drain();
      expect(heard).toEqual(['b1', 'a1', 'a2']);
      expect(await deliveriesOf(under)).toEqual([]);
    });

    it('is tried again by itself', async () => {
      const { heard, consumer } = listener({}, (_, time) => time < 2);
      const consumption = await under.log.consume(consumer);
      await under.log.append([labelled('a')]);
      await consumption.drain();
      under.clock.advance(1_000);
      await until('it was heard', () => heard.length === 2);
    });
  });

  describe('a consumer that never answers', () => {
    it('disturbs nobody else, and has failed after its time', async () => {
      const fine = listener({ name: 'fine' });
      const heard: string[] = [];
      const handle = ({ event }: LoggedEvent) => {
        heard.push(event.subject);
        return event.subject === 'a' ? new Promise<void>(() => undefined) : Promise.resolve();
      };
      const silent = { name: 'silent', topics: ['>'], start: 'first', timeout: 5_000, maxAttempts: 1, handle } as const;
      const one = await under.log.consume(silent);
      const two = await under.log.consume(fine.consumer);
      await under.log.append([...ofSubject('a', 'a1', 'a2'), labelled('b1', 'b')]);
      await two.drain();
      await until('it was heard', () => heard.length === 2);
      expect([heard, fine.heard.toSorted()]).toEqual([
        ['a', 'b'],
        ['a1', 'a2', 'b1'],
      ]);
      under.clock.advance(5_000);
      await until('it was heard', () => heard.length === 3);
      under.clock.advance(5_000);
      await one.drain();
      expect(await deliveriesOf(under)).toMatchObject([
        { consumer: 'silent', state: 'dead', error: 'no answer within 5000 ms' },
        { consumer: 'silent', state: 'dead', error: 'no answer within 5000 ms' },
      ]);
    });
  });

  describe('a dead event', () => {
    it('is tried again when it is asked for, and is gone when that succeeds', async () => {
      let broken = true;
      const { heard, consumer } = listener({ maxAttempts: 1 }, (label) => broken && label === 'a1');
      const consumption = await under.log.consume(consumer);
      await under.log.append(ofSubject('a', 'a1', 'a2'));
      await consumption.drain();
      const [dead] = await deliveriesOf(under);
      await under.log.redeliver(dead?.id ?? '');
      await consumption.drain();
      expect(await deliveriesOf(under)).toMatchObject([{ id: dead?.id, state: 'dead', attempts: 2 }]);
      broken = false;
      await under.log.redeliver(dead?.id ?? '');
      await consumption.drain();
      expect(heard).toEqual(['a1', 'a2', 'a1', 'a1']);
      expect(await deliveriesOf(under)).toEqual([]);
      await under.log.append([labelled('a3', 'a')]);
      await consumption.drain();
      expect(heard.at(-1)).toBe('a3');
    });

    it('waits for its consumer when that is not at work', async () => {
      await under.log.append([labelled('a')]);
      await work(under.log, listener({ maxAttempts: 1 }, () => true).consumer);
      const [dead] = await deliveriesOf(under);
      await under.log.redeliver(dead?.id ?? '');
      const { heard, consumer } = listener();
      await work(under.log, consumer);
      expect(heard).toEqual(['a']);
    });

    it('is known by its delivery only', async () => {
      await expect(under.log.redeliver('nothing')).rejects.toMatchObject({ code: 'events.delivery_unknown' });
    });
  });
}

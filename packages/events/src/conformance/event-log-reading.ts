import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoggedEvent } from '../event-log.ts';
import {
  deliveriesOf,
  type EventLogSubject,
  type EventLogUnderTest,
  labelled,
  labelOf,
  listener,
  ofSubject,
  work,
} from './event-log-subject.ts';
import { until } from './until.ts';

export function describeReading(subject: EventLogSubject): void {
  let under: EventLogUnderTest;
  beforeEach(async () => {
    under = await subject.open();
  });
  afterEach(() => under.destroy());

  describe('reading', () => {
    it('gives the retained events of some topics page by page, in order', async () => {
      const others = ofSubject('x', 'x1', 'x2').map((event) => ({ ...event, type: 'case.opened.v1' }));
      await under.log.append([labelled('a'), ...others, labelled('b'), labelled('c')]);
      const heard: LoggedEvent[] = [];
      for (let start: Parameters<typeof under.log.read>[0]['start'] = 'first'; ; ) {
        const page = await under.log.read({ topics: ['alert.>'], start, limit: 2 });
        heard.push(...page);
        const last = page.at(-1);
        if (!last || page.length < 2) break;
        start = { after: last.position };
      }
      expect(heard.map(labelOf)).toEqual(['a', 'b', 'c']);
      expect(heard.map(({ position }) => position)).toEqual(
        heard.map(({ position }) => position).toSorted((a, b) => a - b),
      );
      expect(await under.log.read({ topics: ['no.such.v1'], start: 'first' })).toEqual([]);
    });

    it('begins at a time', async () => {
      await under.log.append([labelled('a')]);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const since = Date.now();
      await under.log.append([labelled('b')]);
      expect((await under.log.read({ topics: ['>'], start: { since } })).map(labelOf)).toEqual(['b']);
      expect(await under.log.read({ topics: ['>'], start: { since: Date.now() + 60_000 } })).toEqual([]);
    });

    it('says where the log begins and ends, and goes on behind that', async () => {
      expect(await under.log.bounds()).toEqual({ first: 0, last: 0 });
      await under.log.append([labelled('a'), labelled('b')]);
      const [first, second] = await under.log.read({ topics: ['>'], start: 'first' });
      expect(await under.log.bounds()).toEqual({ first: first?.position, last: second?.position });
      await under.reopen();
      await under.log.append([labelled('c')]);
      const { last } = await under.log.bounds();
      expect(last).toBeGreaterThan(second?.position ?? 0);
    });
  });

  describe('a tail', () => {
    it('hears what comes from now on, of its topics, until it ends', async () => {
      await under.log.append([labelled('before')]);
      const [all, some]: [string[], string[]] = [[], []];
      const end = await under.log.tail(['>'], (logged) => all.push(labelOf(logged)));
      await under.log.tail(['case.*.v1', 'dxl.>'], (logged) => some.push(labelOf(logged)));
      const events = [labelled('a'), labelled('b', 's', 'case.opened.v1'), labelled('c', 's', 'dxl.x.y')];
      await under.log.append(events);
      await until('two came', () => some.length === 2);
      await until('three came', () => all.length === 3);
      end();
      await under.log.append([labelled('d', 's', 'case.opened.v1')]);
      await until('three came', () => some.length === 3);
      expect([all, some]).toEqual([
        ['a', 'b', 'c'],
        ['b', 'c', 'd'],
      ]);
    });

    it('is not disturbed by another one that throws', async () => {
      const heard: string[] = [];
      await under.log.tail(['>'], () => {
        throw new Error('no');
      });
      await under.log.tail(['>'], (logged) => heard.push(labelOf(logged)));
      await under.log.append([labelled('a'), labelled('b')]);
      await until('two came', () => heard.length === 2);
    });
  });

  describe('the standing of a consumer', () => {
    it('says how far it has come, what it tries again and what is dead', async () => {
      const fail = (label: string) => label === 'dead' || label === 'a';
      await work(under.log, listener({ name: 'fine', topics: ['alert.>', 'dxl.>'] }).consumer);
      await under.log.append([labelled('dead')]);
      await work(under.log, listener({ name: 'failing', maxAttempts: 1 }, fail).consumer);
      await under.log.append(ofSubject('s', 'a', 'b'));
      await work(under.log, listener({ name: 'failing', maxAttempts: 2 }, fail).consumer);
      const { last } = await under.log.bounds();
      expect(await under.log.standings()).toMatchObject([
        { name: 'failing', topics: ['>'], position: last, behind: 0, retrying: 2, dead: 1 },
        { name: 'fine', topics: ['alert.>', 'dxl.>'], behind: 3, retrying: 0, dead: 0 },
      ]);
    });

    it('moves when it is rewound, and what was to be tried again is forgotten', async () => {
      const { heard, consumer } = listener({}, (label, time) => label === 'b' && time === 1);
      await under.log.append([labelled('a'), labelled('b')]);
      await work(under.log, consumer);
      await under.log.rewind('one', 'first');
      expect(await deliveriesOf(under)).toEqual([]);
      await under.reopen();
      await work(under.log, consumer);
      expect(heard).toEqual(['a', 'b', 'a', 'b']);
      await under.log.append([labelled('c')]);
      await under.log.rewind('one', 'new');
      await work(under.log, consumer);
      expect(heard).toHaveLength(4);
    });

    it('is gone with its deliveries when it is forgotten', async () => {
      const { heard, consumer } = listener({}, (_, time) => time === 1);
      await under.log.append([labelled('a')]);
      await work(under.log, consumer);
      await under.log.forget('one');
      expect([await under.log.standings(), await deliveriesOf(under)]).toEqual([[], []]);
      await work(under.log, consumer);
      expect(heard).toEqual(['a', 'a']);
    });
  });
}

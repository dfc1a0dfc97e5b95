import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessCalls, ProcessNotices } from '../processes.ts';
import { until } from './until.ts';

/** What one process uses to talk to the others. */
export interface TalkingProcess {
  readonly calls: ProcessCalls;
  readonly notices: ProcessNotices;
  /** Ends the process at once. */
  kill(): Promise<void>;
}

/** Processes that can talk to each other, for one test. */
export interface ProcessesUnderTest {
  process(name: string): Promise<TalkingProcess>;
  /** Ends what connects them, at once, and brings it back. */
  restart(): Promise<void>;
  destroy(): Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

/** The promises of `ProcessCalls` and `ProcessNotices` as tests. */
export function describeProcesses(name: string, open: () => Promise<ProcessesUnderTest>): void {
  describe(`${name}, between processes`, () => {
    let subject: ProcessesUnderTest;
    let one: TalkingProcess;
    let two: TalkingProcess;
    beforeEach(async () => {
      subject = await open();
      [one, two] = [await subject.process('one'), await subject.process('two')];
    }, 30_000);
    afterEach(() => subject.destroy());

    it('asks the process that is named, and gives its answer', async () => {
      await one.calls.serve('one', async () => bytes('I am one'));
      await two.calls.serve('two', async (request) => bytes(`two heard ${text(request)}`));
      expect(text(await one.calls.call('two', bytes('hello'), 5_000))).toBe('two heard hello');
      expect(text(await two.calls.call('one', bytes(''), 5_000))).toBe('I am one');
    });

    it('carries requests and answers of several megabytes, many at a time', async () => {
      await two.calls.serve('two', async (request) => request.toReversed());
      const requests = Array.from({ length: 5 }, (_, index) => new Uint8Array(2_500_000 + index).fill(index));
      requests[0]?.set([1, 2, 3]);
      const answers = await Promise.all(requests.map((request) => one.calls.call('two', request, 20_000)));
      for (const [index, answer] of answers.entries()) {
        expect(Buffer.compare(answer, requests[index]?.toReversed() ?? new Uint8Array())).toBe(0);
      }
    });

    it('says at once that nobody serves there, and in time that nobody answers', async () => {
      const unreachable = { code: 'events.process_unreachable' };
      const absent = { code: 'events.process_absent' };
      await expect(one.calls.call('nobody', bytes('x'), 60_000)).rejects.toMatchObject(absent);
      const large = new Uint8Array(2_500_000);
      await expect(one.calls.call('nobody', large, 60_000)).rejects.toMatchObject(absent);
      await two.calls.serve('two', () => new Promise<never>(() => undefined));
      await expect(one.calls.call('two', bytes('x'), 300)).rejects.toMatchObject(unreachable);
    });

    it('has no answer from one that fails, stopped, or was killed', async () => {
      const unreachable = { code: 'events.process_unreachable' };
      const stop = await two.calls.serve('two', () => Promise.reject(new Error('no')));
      await expect(one.calls.call('two', bytes('x'), 60_000)).rejects.toMatchObject(unreachable);
      await stop();
      const absent = { code: 'events.process_absent' };
      await expect(one.calls.call('two', bytes('x'), 5_000)).rejects.toMatchObject(absent);
      await two.calls.serve('two', async () => bytes('back'));
      await two.kill();
      // Whoever connects them may not have noticed yet.
      const code = expect.stringMatching(/^events\.process_(absent|unreachable)$/);
      await expect(one.calls.call('two', bytes('x'), 5_000)).rejects.toMatchObject({ code });
    });

    it('tells the others, in order, and not itself', async () => {
      const heard: unknown[] = [];
      one.notices.hear('said', (data) => heard.push(['one', data]));
      two.notices.hear('said', (data) => heard.push(['two', data]));
      two.notices.hear('else', (data) => heard.push(['else', data]));
      // Listening has begun when a call that came after it was answered.
      await two.calls.serve('two', async () => bytes(''));
      await one.calls.call('two', bytes(''), 5_000);
      for (let n = 0; n < 50; n++) one.notices.tell('said', { n });
      await until('everything came', () => heard.length === 50);
      expect(heard).toEqual(Array.from({ length: 50 }, (_, n) => ['two', { n }]));
    });

    it('goes on after what connects them was away', async () => {
      await two.calls.serve('two', async () => bytes('here'));
      const heard: unknown[] = [];
      two.notices.hear('said', (data) => heard.push(data));
      await subject.restart();
      let answer = '';
      const ask = async (): Promise<void> => {
        answer = text(await one.calls.call('two', bytes(''), 500).catch(() => bytes('')));
        if (answer === '') setTimeout(() => void ask(), 100);
      };
      void ask();
      await until('the other answers', () => answer === 'here');
      one.notices.tell('said', 'again');
      await until('the other hears', () => heard.includes('again'));
    });

    it('is not calm when a process is gone without a word', { timeout: 30_000 }, async () => {
      await until('it has come to rest', () => one.notices.calm);
      await two.kill();
      await until('it is missed', () => !one.notices.calm);
    });
  });
}

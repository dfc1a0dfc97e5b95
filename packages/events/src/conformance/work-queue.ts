import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QueueWorker, ReadyRun, Taking, WorkQueue } from '../work-queue.ts';
import { until } from './until.ts';

/** A queue of its own, for one test. Runs that nobody renews are to be handed out again after about a second. */
export interface WorkQueueUnderTest {
  /** The queue as one more process sees it. */
  process(): Promise<{
    readonly queue: WorkQueue;
    /** Ends the process at once: nothing more is renewed or acknowledged. */
    kill(): Promise<void>;
  }>;
  /** Ends what keeps the queue, at once, and brings it back; absent when it lives in this process. */
  readonly restart?: () => Promise<void>;
  /** As `restart`, and everything that it kept is lost. */
  readonly lose?: () => Promise<void>;
  destroy(): Promise<void>;
}

function ready(run: string, over: Partial<ReadyRun> = {}): ReadyRun {
  return { run, playbook: 'p', priority: 1, epoch: 0, ...over };
}

/** A worker that writes down what it is given; each run is done when told to, or at once. */
function recorder(rooms: number | ((priority: number) => number) = 100) {
  const given: ReadyRun[] = [];
  const open = new Map<string, (outcome: 'done' | 'again') => void>();
  const settings = { hold: false, answer: 'done' as 'done' | 'again' };
  const worker: QueueWorker = {
    room: (priority) => (typeof rooms === 'number' ? rooms - open.size : rooms(priority)),
    work(run) {
      given.push(run);
      if (!settings.hold) return Promise.resolve(settings.answer);
      return new Promise((resolve) => {
        open.set(run.run, (outcome) => {
          open.delete(run.run);
          resolve(outcome);
        });
      });
    },
  };
  const names = () => given.map(({ run }) => run);
  return { worker, given, names, open, settings };
}

async function quiet(millis: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, millis));
}

/** The promises of the `WorkQueue` port as tests. */
export function describeWorkQueue(name: string, open: () => Promise<WorkQueueUnderTest>): void {
  describe(`${name}, a work queue`, () => {
    let subject: WorkQueueUnderTest;
    let takings: Taking[];
    const take = async (queue: WorkQueue, worker: QueueWorker): Promise<Taking> => {
      const taking = await queue.take(worker);
      takings.push(taking);
      return taking;
    };
    beforeEach(async () => {
      subject = await open();
      takings = [];
    }, 30_000);
    afterEach(async () => {
      for (const taking of takings) await taking.stop();
      await subject.destroy();
    });

    it('hands out what was offered before and after somebody took, whole', async () => {
      const { queue } = await subject.process();
      const [first, second] = [ready('a', { playbook: 'q', priority: 3, epoch: 4 }), ready('b')];
      await queue.offer(first);
      const { worker, given } = recorder();
      await take(queue, worker);
      await until('the first came', () => given.length === 1);
      await queue.offer(second);
      await until('the second came', () => given.length === 2);
      expect(given).toEqual([first, second]);
    });

    it('gives each run to one of several workers', async () => {
      const workers = [recorder(), recorder(), recorder()];
      for (const { worker } of workers) await take((await subject.process()).queue, worker);
      const { queue } = await subject.process();
      const runs = Array.from({ length: 60 }, (_, index) => `run-${index}`);
      await Promise.all(runs.map((run) => queue.offer(ready(run))));
      const names = () => workers.flatMap((one) => one.names());
      await until('all came', () => names().length >= runs.length);
      await quiet(200);
      expect(names().toSorted()).toEqual(runs.toSorted());
    });

    it('holds a run at one epoch once while it waits or is worked on, and takes it again afterwards', async () => {
      const { queue } = await subject.process();
      const { worker, given, open: working, settings } = recorder();
      settings.hold = true;
      for (let time = 0; time < 3; time++) await queue.offer(ready('a'));
      await take(queue, worker);
      await until('it came', () => given.length === 1);
      await queue.offer(ready('a'));
      await queue.offer(ready('a', { epoch: 1 }));
      await until('the next epoch came', () => given.length === 2);
      await quiet(300);
      expect(given.map(({ epoch }) => epoch)).toEqual([0, 1]);
      settings.hold = false;
      for (const end of [...working.values()]) end('done');
      await quiet(300);
      await queue.offer(ready('a', { epoch: 1 }));
      await until('it came again', () => given.length === 3);
    });

    it('takes the higher priority first, then the older, and no more than there is room for', async () => {
      const { queue } = await subject.process();
      let room = 0;
      const { worker, names, open: working, settings } = recorder(() => room - working.size);
      settings.hold = true;
      const taking = await take(queue, worker);
      for (const run of ['low-1', 'low-2']) await queue.offer(ready(run, { priority: 0 }));
      await queue.offer(ready('emergency', { priority: 3 }));
      await quiet(300);
      expect(names()).toEqual([]);
      for (room = 1; room <= 3; room++) {
        taking.look();
        await until(`${room} came`, () => names().length >= room);
      }
      expect(names().filter((run) => run !== 'emergency')).toEqual(['low-1', 'low-2']);
      expect(names().slice(0, 2)).toContain('emergency');
    });

    it('leaves to others the room that is kept for urgent runs', async () => {
      const { queue } = await subject.process();
      const { worker, names } = recorder((priority) => (priority >= 2 ? 5 : 0));
      await take(queue, worker);
      await queue.offer(ready('low', { priority: 0 }));
      await queue.offer(ready('high', { priority: 2 }));
      await until('the urgent one came', () => names().length === 1);
      await quiet(300);
      expect(names()).toEqual(['high']);
    });

    it('hands a run for which there was no place out again, to another', async () => {
      const [busy, free] = [recorder(), recorder()];
      busy.settings.answer = 'again';
      const { queue } = await subject.process();
      const taking = await take(queue, busy.worker);
      await queue.offer(ready('a'));
      await until('it was given back', () => busy.given.length >= 1);
      await taking.stop();
      await take((await subject.process()).queue, free.worker);
      await until('the other has it', () => free.given.length === 1);
    });

    it('keeps a run with a worker that takes longer than a renewal lasts', async () => {
      const [slow, other] = [recorder(), recorder()];
      slow.settings.hold = true;
      await take((await subject.process()).queue, slow.worker);
      await (await subject.process()).queue.offer(ready('a'));
      await until('it came', () => slow.given.length === 1);
      await take((await subject.process()).queue, other.worker);
      await quiet(2_500);
      expect([slow.given.length, other.given.length]).toEqual([1, 0]);
    });

    it('hands on what a worker had that was killed, and what one gives back that stops', async () => {
      const [dies, stops, lives] = [recorder(), recorder(), recorder()];
      dies.settings.hold = true;
      stops.settings.hold = true;
      const victim = await subject.process();
      await take(victim.queue, dies.worker);
      await victim.queue.offer(ready('a'));
      await until('it came', () => dies.given.length === 1);
      await victim.kill();
      const taking = await take((await subject.process()).queue, stops.worker);
      await until('the next one has it', () => stops.given.length === 1);
      await taking.stop();
      await take((await subject.process()).queue, lives.worker);
      await until('the last one has it', () => lives.given.length === 1);
    });

    it('keeps what it holds when it is ended and comes back, and goes on by itself', async (context) => {
      if (!subject.restart) return context.skip();
      const { queue } = await subject.process();
      const { worker, names } = recorder();
      await queue.offer(ready('before'));
      await subject.restart();
      await take(queue, worker);
      await until('what was there came', () => names().includes('before'));
      await subject.restart();
      await untilOffered(queue, ready('after'));
      await until('what is new came', () => names().includes('after'));
    });

    it('begins anew when everything that it held is lost', async (context) => {
      if (!subject.lose) return context.skip();
      const { queue } = await subject.process();
      const { worker, names } = recorder();
      await take(queue, worker);
      await subject.lose();
      await untilOffered(queue, ready('after'));
      await until('what is new came', () => names().includes('after'));
    });
  });
}

async function untilOffered(queue: WorkQueue, run: ReadyRun): Promise<void> {
  for (let time = 0; ; time++) {
    try {
      return await queue.offer(run);
    } catch (error) {
      expect(error).toMatchObject({ code: 'events.log_unavailable' });
      if (time === 40) throw error;
      await quiet(250);
    }
  }
}

import { InfiniteQueryObserver, QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, describe, expect, it } from 'vitest';
import { readAgain } from './read-again.ts';

const client = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 60_000 } } });
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  client.clear();
});

/** Shows a reading, and counts how often it was made. */
async function shown(name: string): Promise<{ readonly times: () => number }> {
  let times = 0;
  const observer = new QueryObserver(client, { queryKey: [name, {}], queryFn: async () => ++times });
  stops.push(observer.subscribe(() => {}));
  await observer.refetch({ cancelRefetch: false });
  return { times: () => times };
}

/** Shows a list that was read to its `pages`-th page. */
async function listed(name: string, pages: number): Promise<{ readonly times: () => number }> {
  let times = 0;
  const observer = new InfiniteQueryObserver(client, {
    queryKey: [name, {}, 'pages'],
    queryFn: async ({ pageParam }) => {
      times += 1;
      return pageParam;
    },
    initialPageParam: 1,
    getNextPageParam: (page: number) => (page < pages ? page + 1 : null),
  });
  stops.push(observer.subscribe(() => {}));
  await observer.refetch({ cancelRefetch: false });
  while (observer.getCurrentResult().hasNextPage) await observer.fetchNextPage();
  return { times: () => times };
}

const idle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('reading again', () => {
  it('reads what is shown and was named, and nothing else', async () => {
    const [runs, alerts] = [await shown('listRuns'), await shown('listAlerts')];
    expect([...readAgain(client, new Set(['listRuns']), Date.now())]).toEqual([]);
    await idle();
    expect([runs.times(), alerts.times()]).toEqual([2, 1]);
  });

  it('lets a reading end that is under way, and says that it must be made once more', async () => {
    let answer: (value: number) => void = () => {};
    let times = 0;
    const observer = new QueryObserver(client, {
      queryKey: ['getRun', {}],
      queryFn: () => {
        times += 1;
        return new Promise<number>((resolve) => {
          answer = resolve;
        });
      },
    });
    stops.push(observer.subscribe(() => {}));
    expect([...readAgain(client, new Set(['getRun']), Date.now())]).toEqual(['getRun']);
    expect(times).toBe(1);
    answer(1);
    await idle();
    expect([...readAgain(client, new Set(['getRun']), Date.now())]).toEqual([]);
    expect(times).toBe(2);
  });

  it('reads a long list again only after a while', async () => {
    const [short, long] = [await listed('listCases', 3), await listed('listEffects', 9)];
    expect([short.times(), long.times()]).toEqual([3, 9]);
    expect([...readAgain(client, new Set(['listCases', 'listEffects']), Date.now())]).toEqual(['listEffects']);
    await idle();
    expect([short.times(), long.times()]).toEqual([6, 9]);
    expect([...readAgain(client, new Set(['listEffects']), Date.now() + 20_000)]).toEqual([]);
    await idle();
    expect(long.times()).toBe(18);
  });
});

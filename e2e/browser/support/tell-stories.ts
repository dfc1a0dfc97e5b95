import type { Client } from '@counterpoint/sdk';
import { until } from '../../support/server-process.ts';

/** Plays an act of a story of the lab to its end; gives its trace. */
export async function playStory(client: Client, id: string, act?: string): Promise<string> {
  const { trace } = await client.playStory({ id, body: act === undefined ? {} : { act } });
  await until(`the story ${id} is over`, async () => {
    const query = act === undefined ? {} : { act };
    return (await client.followStory({ id, trace, query })).over;
  });
  return trace;
}

/** What screens can be shown with. */
export interface Told {
  readonly alert: string;
  readonly case: string;
  readonly run: string;
  readonly otherRun: string;
  readonly effect: string;
  readonly matter: string;
}

/** Plays stories until every kind of thing is there. */
export async function tellStories(client: Client): Promise<Told> {
  await playStory(client, 'brute-force');
  await playStory(client, 'brute-force-doubt');
  await playStory(client, 'fabric', 'mail');
  // This one waits for a person, who does not come.
  await client.playStory({ id: 'hybrid', body: {} });
  await until(
    'a person is asked',
    async () => (await client.listInbox({ query: { status: 'open' } })).items.length > 0,
  );
  const [alerts, cases, runs, effects, matters] = await Promise.all([
    client.listAlerts(),
    client.listCases(),
    client.listRuns({ query: { playbook: 'brute_force' } }),
    client.listEffects({ query: { in_force: 'true' } }),
    client.listInbox({ query: { status: 'open' } }),
  ]);
  const first = (what: string, items: readonly { readonly id: string }[], at = 0): string => {
    const found = items.at(at)?.id;
    if (found === undefined) throw new Error(`the stories left no ${what}`);
    return found;
  };
  return {
    alert: first('alert', alerts.items),
    case: first('case', cases.items),
    run: first('run', runs.items),
    otherRun: first('second run', runs.items, 1),
    effect: first('change in force', effects.items),
    matter: first('matter of the inbox', matters.items),
  };
}

import { createParticipantClient, type ParticipantClient } from '@counterpoint/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/server-process.ts';
import { type OpenConsole, openConsole } from './support/console.ts';
import { playStory } from './support/tell-stories.ts';

let open: OpenConsole;
const clients: ParticipantClient[] = [];

/** Lets a participant in, with a token, and a client that speaks for it. */
async function letIn(
  id: string,
  title: string,
  rights: Readonly<Record<string, string[]>>,
): Promise<ParticipantClient> {
  await open.client.createParticipant({ body: { id, title, rights } });
  const { token } = await open.client.createParticipantToken({ id, body: { title: 'a token' } });
  const client = createParticipantClient({ url: open.server.url, token });
  clients.push(client);
  return client;
}

/** Where a node stands on the map, however the map is moved and zoomed. */
async function placeOf(ref: string): Promise<string> {
  const node = open.page.locator('.react-flow__node', { has: open.page.locator(`[data-ref="${ref}"]`) });
  const place = /translate\([^)]*\)/.exec((await node.getAttribute('style')) ?? '')?.[0];
  if (place === undefined) throw new Error(`${ref} stands nowhere`);
  return place;
}

const MARK = '\u202e';
const HOSTILE = `Tool ${MARK}gnp.exe <img src=x onerror="document.title='owned'"> ${'long '.repeat(28)}`;
/** As long as the name of a topic of another system may be. */
const LONG_TOPIC = `dxl.${'vendor%20product.'.repeat(50)}`.slice(0, 796).replace(/[.%]\w?$/, 'zz');

const reacting = `kind: reaction/v1
id: case_for_each_domain
title: A case for every domain
mode: act
subscribe: { topic: verdict.domain.v1, trust: { publishers: [names] } }
limits: { rate: 1000/min, max_hops: 5 }
do:
  - id: tell
    action: case.open
    with: { title: "\${{ event.domain }}", severity: low, summary: none }
`;

describe('the fabric in a browser', () => {
  beforeAll(async () => {
    open = await openConsole({ settings: ['fabric.storm_events=40', 'fabric.events_per_second=1000'] });
    await playStory(open.client, 'fabric', 'mail');
    open.complaints.forget();
  });
  afterAll(async () => {
    for (const client of clients) client.close();
    await open?.close();
  });

  it('shows a participant that joins over HTTP, and what it publishes, without a reload', async () => {
    const { page } = open;
    await open.goto('/fabric');
    await page.locator('[data-ref="participant:sandbox"]').waitFor();
    const before = await placeOf('participant:sandbox');
    await page.evaluate('window.stillHere = true');
    const tool = await letIn('intel', 'Threat intelligence', { publish: ['verdict.url.v1'] });
    await tool.join({ title: 'Threat intelligence' });
    await page.locator('[data-ref="participant:intel"]').waitFor();
    expect(await placeOf('participant:sandbox')).toBe(before);
    await tool.publish({
      topic: 'verdict.url.v1',
      subject: 'http://phish.example/login',
      data: { url: 'http://phish.example/login', verdict: 'malicious', confidence: 95 },
    });
    await page.locator('[data-ref="topic:verdict.url.v1"]').click();
    await page.getByText('http://phish.example/login').first().waitFor();
    expect(await page.evaluate('window.stillHere')).toBe(true);
    await open.expectClean();
  });

  it('tells what an event would set off, from the event itself', async () => {
    const { page } = open;
    await page.getByRole('button', { name: 'Show the event' }).first().click();
    await page.getByRole('link', { name: 'What would happen if it came now' }).click();
    await page.waitForURL(/what-if/);
    await page.getByRole('button', { name: 'What would happen?' }).click();
    await page.getByText('would refuse it').waitFor();
    await page.getByText('who published it is not believed here').waitFor();
    await open.expectClean();
  });

  it('walks the map by keyboard, and shows the same as a list', async () => {
    const { page } = open;
    await open.goto('/fabric');
    const map = page.getByRole('application', { name: /Map of the fabric/ });
    await map.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('List', { exact: true }).click();
    const topics = page.getByRole('region', { name: 'Topics' });
    await topics.getByText('verdict.url.v1').waitFor();
    await page.getByText('24 h', { exact: true }).click();
    await page.waitForURL(/window=24h/);
    await topics.getByText('in the last 24 hours').first().waitFor();
    await open.expectClean();
  });

  it('lets a participant in, shows its token once, tests it, and revokes it', async () => {
    const { page } = open;
    await open.goto('/fabric/participants');
    await page.getByRole('button', { name: 'Let in' }).first().click();
    await page.getByLabel('Id', { exact: false }).first().fill('scanner');
    await page.getByLabel('Title').fill('Network scanner');
    await page.getByLabel('May publish on').fill('mqtt.scan.>');
    await page.getByLabel('May offer').fill('scanner.ping');
    await page.getByRole('button', { name: 'Let it in' }).click();
    const token = await page.getByText(/^cpp_/).first().textContent();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.waitForURL(/participants\/scanner/);
    const scanner = createParticipantClient({ url: open.server.url, token: token ?? '' });
    clients.push(scanner);
    const test = page.getByRole('region', { name: 'Connection' });
    await test.getByRole('button', { name: 'Test' }).click();
    await test.getByText('It has never joined.').waitFor();
    await scanner.join({ title: 'Network scanner' });
    await page.getByText('online', { exact: true }).first().waitFor();
    await test.getByRole('button', { name: 'Test' }).click();
    await test.getByText('It was not asked anything').waitFor();
    await test.getByText('Over HTTP it fetches what concerns it').waitFor();
    const contract = { title: 'Ping', effect: 'read', idempotent: true, input: {}, output: {} };
    await scanner.offer('ping', contract, () => ({}));
    await test.getByRole('button', { name: 'Test' }).click();
    await test.getByText(/It answered in/).waitFor();
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('revoked', { exact: true }).waitFor();
    await expect(scanner.publish({ topic: 'mqtt.scan.done', data: 1 })).rejects.toThrow();
    await open.expectClean();
  });

  it('replays a dead letter, with the reason kept', async () => {
    const { page, client } = open;
    const shop = await letIn('shop', 'The shop', { publish: ['mqtt.>'], subscribe: ['mqtt.>'] });
    let ready = false;
    const sold: unknown[] = [];
    await shop.join({ title: 'The shop' });
    await shop.subscribe({ durable: 'sales', topics: ['mqtt.shop.sold'], attempts: 1 }, ({ data }) => {
      if (!ready) throw new Error(`the till is <b>broken</b> ${MARK}`);
      sold.push(data);
    });
    await shop.publish({ topic: 'mqtt.shop.sold', subject: 'till-1', data: { item: 'tea' } });
    await until('it is dead', async () => (await client.listDead()).items.length === 1);
    await open.goto('/fabric/dead');
    await page.getByRole('row', { name: /till-1/ }).click();
    await page.getByRole('dialog').getByText('the till is <b>broken</b>').waitFor();
    ready = true;
    await page.getByRole('dialog').getByRole('button', { name: 'Deliver again' }).click();
    await page.getByLabel('Why').fill('the till was mended');
    await page.getByRole('button', { name: 'Deliver again' }).last().click();
    await until('it was delivered', () => sold.length === 1);
    await page.getByText('No dead letters').waitFor();
    const { items } = await client.listAudit({ query: { limit: 50 } });
    expect(JSON.stringify(items)).toContain('the till was mended');
    ready = false;
    for (const till of ['till-2', 'till-3', 'till-4']) {
      await shop.publish({ topic: 'mqtt.shop.sold', subject: till, data: { item: 'tea' } });
    }
    await until('three are dead', async () => (await client.listDead()).items.length === 3);
    ready = true;
    await page.getByRole('button', { name: 'Deliver all 3 again' }).click();
    await page.getByRole('dialog').getByText('3 events:').waitFor();
    await page.getByLabel('Why').fill('all tills were mended');
    await page.getByRole('button', { name: 'Deliver again' }).last().click();
    await until('they were delivered', () => sold.length === 4);
    await page.getByText('No dead letters').waitFor();
    await open.expectClean();
  });

  it('shows hostile names, topics and data as what they are', async () => {
    const { page } = open;
    const bad = await letIn('hostile', HOSTILE.slice(0, 200), { publish: ['dxl.>'] });
    await bad.join({ title: HOSTILE.slice(0, 200) });
    await bad.publish({ topic: LONG_TOPIC, subject: HOSTILE, data: { '<script>': HOSTILE, long: 'x'.repeat(20_000) } });
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      for (const path of [
        '/fabric',
        '/fabric?view=list',
        `/fabric?at=${encodeURIComponent(`topic:${LONG_TOPIC}`)}`,
        `/fabric/topics?topic=${encodeURIComponent(LONG_TOPIC)}`,
        '/fabric/participants',
        '/fabric/participants/hostile',
      ]) {
        await open.goto(path);
        expect(await page.locator('img[src="x"], script:not([src])').count(), path).toBe(0);
        expect(await page.title()).not.toBe('owned');
        await open.expectClean();
      }
    }
    await page.goto(`/fabric/topics?topic=${encodeURIComponent(LONG_TOPIC)}`);
    await page.getByRole('button', { name: 'Show the event' }).first().click();
    await page.getByText('U+202E').first().waitFor();
    await page.keyboard.press('Escape');
  });

  it('makes a storm unmissable, and ends it by a decision', async () => {
    const { page, client } = open;
    await client.publishPlaybook({ body: { source: reacting } });
    const names = await letIn('names', 'Names', { publish: ['verdict.domain.v1'] });
    await names.join({ title: 'Names' });
    await names.publishAll(
      [...Array(60).keys()].map((n) => ({
        topic: 'verdict.domain.v1',
        subject: `d${n}.example`,
        data: { domain: `d${n}.example`, verdict: 'benign', confidence: 10 },
      })),
    );
    await open.goto('/fabric');
    const alert = page.getByRole('alert').filter({ hasText: 'storm breaker' });
    await alert.first().waitFor();
    await open.expectClean();
    for (let left = await alert.count(); left > 0; left = await alert.count()) {
      await alert.getByRole('button', { name: 'Throw away' }).first().click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /Throw away/ })
        .click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await until('there is a storm less', async () => (await alert.count()) < left);
    }
    expect((await client.fabricMap()).storms).toEqual([]);
  });

  it('stays quick under 500 events a second', async () => {
    const { page } = open;
    const loud = await letIn('loud', 'A loud tool', { publish: ['mqtt.>'] });
    await loud.join({ title: 'A loud tool' });
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await open.goto('/fabric');
    const events = (from: number) =>
      [...Array(100).keys()].map((n) => ({
        topic: `mqtt.noise.n${n % 10}`,
        subject: `s${from + n}`,
        data: { n: from + n },
      }));
    await loud.publishAll(events(0));
    await page.locator('[data-ref="participant:loud"]').waitFor();
    await page.evaluate(MEASURE);
    const begun = Date.now();
    let sent = 0;
    const publishing = (async () => {
      while (Date.now() - begun < 5_000) {
        await Promise.all([loud.publishAll(events(sent)), page.waitForTimeout(190)]);
        sent += 100;
      }
    })();
    await page
      .locator('.react-flow__edgelabel-renderer')
      .getByText(/[0-9]\/s$/)
      .first()
      .waitFor();
    const search = page.getByRole('searchbox').first();
    while (Date.now() - begun < 5_000)
      await search.pressSequentially('mqtt', { delay: 120 }).then(() => search.clear());
    await publishing;
    const { frames, inputs } = await page.evaluate<{ frames: number[]; inputs: number[] }>('window.measured()');
    const p95 = (of: readonly number[]) => Math.round([...of].sort((a, b) => a - b)[Math.floor(of.length * 0.95)] ?? 0);
    const rate = Math.round((sent * 1_000) / (Date.now() - begun));
    process.stdout.write(
      `${rate} events/s: frames p95 ${p95(frames)} ms, longest ${Math.round(Math.max(...frames))} ms; ` +
        `input to frame p95 ${p95(inputs)} ms, longest ${Math.round(Math.max(...inputs))} ms\n`,
    );
    expect(inputs.length).toBeGreaterThan(5);
    await page.locator('h1').waitFor();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await open.expectClean();
  });
});

/** Notes how long frames take, and how long it takes from a key to the next frame. */
const MEASURE = `(() => {
  const frames = [];
  const inputs = [];
  let last = performance.now();
  const frame = (now) => {
    frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  addEventListener('keydown', (event) => {
    const at = event.timeStamp;
    requestAnimationFrame(() => inputs.push(performance.now() - at));
  }, true);
  window.measured = () => ({ frames, inputs });
})()`;

import type { StoryDesk } from '@counterpoint/api';
import { newId, newTraceId } from '@counterpoint/core';
import { createSource, type Normalizer, signingKey, signWebhook } from '@counterpoint/ingest';
import type { LabStage, LabStory, LabTools, StoryAct } from '@counterpoint/lab';
import { errors } from './errors.ts';
import { reachable } from './fabric/lab-tools.ts';
import type { Foundations } from './foundations.ts';

/** The source that stories send their alerts to; it has a signing secret, so that this server can sign what it sends itself. */
const SOURCE = 'stories';
const DEDUP_WINDOW = 3_600_000;

const PATIENCE = 30_000;
const LOOK = 50;

/** What stories are played on. */
export interface StoryPlace {
  readonly foundations: Foundations;
  readonly normalizers: ReadonlyMap<string, Normalizer>;
  readonly stories: readonly LabStory[];
  /** Where the front door is. */
  readonly url: () => string;
  /** The tools of the lab, once they have joined. */
  readonly tools: () => Promise<LabTools | undefined>;
}

async function sourceSecret({ foundations, normalizers }: StoryPlace): Promise<string> {
  const { store, vault, clock } = foundations;
  const by = { principal: 'system', trace: newTraceId() };
  if (!(await store.get('sources', SOURCE))) {
    const request = {
      id: SOURCE,
      title: 'Wazuh of the stories (lab)',
      normalizer: 'wazuh',
      auth: 'signature',
    } as const;
    const made = createSource(
      { ...request, dedupWindow: DEDUP_WINDOW, simulated: true },
      { vault, normalizers, by, now: clock.now() },
    );
    await store.commit(made.change);
    return made.secret;
  }
  const source = await store.get('sources', SOURCE);
  const [secret] = source?.auth.kind === 'signature' ? source.auth.secrets : [];
  if (secret === undefined) throw errors.story_stopped({ reason: `the source ${SOURCE} has no signing secret` });
  return vault.open(secret, { purpose: 'source' });
}

/** Sends an alert as Wazuh would: signed, over HTTP, to the front door. */
async function sendAlert(place: StoryPlace, alert: unknown): Promise<string> {
  const secret = await sourceSecret(place);
  const body = JSON.stringify(alert);
  const id = newId();
  const timestamp = String(Math.floor(place.foundations.clock.now() / 1_000));
  const signature = signWebhook(signingKey(secret) ?? Buffer.alloc(0), id, timestamp, Buffer.from(body));
  const response = await fetch(`${reachable(place.url())}/hooks/${SOURCE}`, {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', 'webhook-id': id },
      ...{ 'webhook-timestamp': timestamp, 'webhook-signature': signature },
    },
    body,
  });
  const answer = (await response.json()) as { readonly trace?: string; readonly detail?: string };
  if (!response.ok || answer.trace === undefined) {
    throw errors.story_stopped({ reason: `the front door answered ${response.status}: ${answer.detail ?? ''}` });
  }
  return answer.trace;
}

async function until(what: string, done: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + PATIENCE;
  while (!(await done())) {
    if (performance.now() > end)
      throw errors.story_stopped({ reason: `waited ${PATIENCE / 1_000} s in vain until ${what}` });
    await new Promise((resolve) => setTimeout(resolve, LOOK));
  }
}

async function stageOf(place: StoryPlace): Promise<LabStage> {
  const tools = await place.tools();
  if (!tools) throw errors.story_stopped({ reason: 'the tools of the lab have not joined the fabric' });
  const { store } = place.foundations;
  return { store, tools, until, sendAlert: (alert) => sendAlert(place, alert) };
}

/** How often something was played here: what is played again must not be taken for more of the same. */
async function playsSoFar({ store }: Foundations): Promise<number> {
  const alerts = await store.count('raw_inputs', { source: SOURCE });
  return alerts + (await store.count('outbox', { topic: 'file.submitted.v1' }));
}

/** Plays stories on this server; `undefined` for `stories` without the lab. */
export function createStoryDesk(place: StoryPlace | undefined): StoryDesk {
  const numbers = new Map<string, number>();
  const actOf = (story: string, act: string): StoryAct => {
    const found = place?.stories.find(({ id }) => id === story)?.acts.find(({ id }) => id === act);
    if (!found) throw new RangeError(`there is no act ${act} of ${story}`);
    return found;
  };
  return {
    stories: place?.stories.map(({ acts, ...story }) => ({
      ...story,
      acts: acts.map(({ id, title, plot, steps }) => ({ id, title, plot, steps: steps.map((step) => step.title) })),
    })),
    async play(story, act, principal) {
      const { foundations } = place as StoryPlace;
      const { store, clock } = foundations;
      const played = actOf(story, act);
      const stage = await stageOf(place as StoryPlace);
      const reason = await played.hindrance?.(stage);
      if (reason !== undefined) throw errors.story_stopped({ reason });
      const first = place?.stories.find(({ id }) => id === story)?.acts[0] === played;
      const n = (first ? undefined : numbers.get(story)) ?? (await playsSoFar(foundations));
      numbers.set(story, n);
      const trace = await played.play(stage, n);
      const entry = { principal, action: 'story.played', object: `story:${story}`, data: { act }, trace };
      await store.commit({ audit: [{ at: clock.now(), ...entry }] });
      return trace;
    },
    async follow(story, act, trace) {
      const { store } = (place as StoryPlace).foundations;
      const { steps, ended } = actOf(story, act);
      // Looked at first: what has come true before the end is found after it.
      const over = (await ended?.(store, trace)) !== undefined;
      const found = steps.map(async ({ title, find }) => ({ title, ref: (await find(store, trace)) ?? null }));
      return { steps: await Promise.all(found), ended: over };
    },
  };
}

import type { LabEndpointName } from '@counterpoint/contracts';
import { errors } from '../errors.ts';
import type { Handlers } from '../handler-types.ts';

/** A part of a story, as it is told. */
export interface ToldAct {
  readonly id: string;
  readonly title: string;
  readonly plot: string;
  readonly steps: readonly string[];
}

/** A story, as it is told. */
export interface ToldStory {
  readonly id: string;
  readonly title: string;
  readonly plot: string;
  readonly acts: readonly ToldAct[];
}

/** How far an act that was played has come. */
export interface FollowedAct {
  /** Where each step is to be seen, in their order; null for those that have not come true. */
  readonly steps: readonly { readonly title: string; readonly ref: string | null }[];
  /** Whether nothing more follows, although some have not come true. */
  readonly ended: boolean;
}

/** What plays stories. */
export interface StoryDesk {
  /** Undefined without the lab. */
  readonly stories: readonly ToldStory[] | undefined;
  /** Has an act happen; gives the trace in which everything that follows stands. @throws server errors when it cannot begin */
  play(story: string, act: string, principal: string): Promise<string>;
  /** How far an act has come. */
  follow(story: string, act: string, trace: string): Promise<FollowedAct>;
}

function actOf({ stories }: StoryDesk, id = '', wanted?: string): { readonly story: string; readonly act: string } {
  if (!stories) throw errors.no_lab();
  const story = stories.find((one) => one.id === id);
  if (!story) throw errors.not_found({ kind: 'story', id });
  const act = wanted === undefined ? story.acts[0] : story.acts.find((one) => one.id === wanted);
  if (!act) throw errors.not_found({ kind: `act of ${id}`, id: wanted ?? '' });
  return { story: story.id, act: act.id };
}

/** Performs the operations of stories. */
export function labHandlers(desk: StoryDesk): Handlers<LabEndpointName> {
  return {
    async listStories() {
      const { stories } = desk;
      const items = (stories ?? []).map((story) => ({
        ...story,
        acts: story.acts.map((act) => ({ ...act, steps: [...act.steps] })),
      }));
      return { lab: stories !== undefined, items };
    },
    async playStory({ params, body, principal }) {
      const played = actOf(desk, params.id, body.act);
      return { ...played, trace: await desk.play(played.story, played.act, principal.ref) };
    },
    async followStory({ params, query }) {
      const played = actOf(desk, params.id, query.act);
      const { trace = '' } = params;
      const { steps, ended } = await desk.follow(played.story, played.act, trace);
      return { ...played, trace, over: ended || steps.every(({ ref }) => ref !== null), steps: [...steps] };
    },
  };
}

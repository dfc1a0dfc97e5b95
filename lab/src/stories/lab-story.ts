import type { Reader } from '@counterpoint/events';
import type { LabTools } from '../participants/tools.ts';

/** Where an act is played: a server with the lab, as those see it who send it something. */
export interface LabStage {
  readonly store: Reader;
  /** The tools that joined the fabric of the lab. */
  readonly tools: LabTools;
  /** Sends what Wazuh would send, through the front door; gives the trace that it began. @throws Error when it is refused */
  sendAlert(body: unknown): Promise<string>;
  /** Resolves when `done` holds. @throws Error when it does not within half a minute */
  until(what: string, done: () => Promise<boolean> | boolean): Promise<void>;
}

/** Something that must follow, in the order in which people expect it. */
export interface StoryStep {
  readonly title: string;
  /** Where it is to be seen, as a reference such as `effect:<id>`, as soon as it has come true. */
  readonly find: (store: Reader, trace: string) => Promise<string | undefined>;
}

/** A part of a story that begins with something from outside. */
export interface StoryAct {
  readonly id: string;
  readonly title: string;
  /** What happens, in a sentence or two. */
  readonly plot: string;
  readonly steps: readonly StoryStep[];
  /** Gives something once nothing more follows, whatever has not come true: a playbook was changed, or people decided otherwise. */
  readonly ended?: StoryStep['find'];
  /** Why it cannot be played yet; undefined when it can. */
  readonly hindrance?: (stage: Pick<LabStage, 'store'>) => Promise<string | undefined>;
  /** Has it happen; gives the trace in which everything that follows stands. `n` makes it differ from when it was played before. */
  readonly play: (stage: LabStage, n: number) => Promise<string>;
}

/** A story that can be played on a server with the lab, in acts one after the other. */
export interface LabStory {
  readonly id: string;
  readonly title: string;
  readonly plot: string;
  readonly acts: readonly StoryAct[];
}

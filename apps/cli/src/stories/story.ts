import type { RunningServer } from '@counterpoint/server';

/** What a story expects in the end, and whether it came true. */
export interface Expectation {
  readonly what: string;
  readonly holds: boolean;
}

/** The server that a story is played on, with the tokens of its sources. */
export interface Stage {
  readonly server: RunningServer;
  /** Sends a body to a source through the front door, as the product behind it would. @throws Error when it is refused */
  send(source: string, body: unknown): Promise<void>;
  /** Resolves when `done` holds; asks every 50 ms. @throws Error after 30 s */
  until(what: string, done: () => Promise<boolean>): Promise<void>;
}

/** A story: real input through the front door, and what it must have led to. */
export interface Story {
  readonly id: string;
  readonly title: string;
  /** What happens, in a sentence or two. */
  readonly plot: string;
  /** What the story is about; its trace is shown in the end. */
  readonly subject: string;
  play(stage: Stage): Promise<void>;
  expect(stage: Stage): Promise<readonly Expectation[]>;
}

import type { LabTools } from '@counterpoint/lab';
import type { Client } from '@counterpoint/sdk';
import type { RunningServer } from '@counterpoint/server';

/** What a story expects, and whether it came true. */
export interface Expectation {
  readonly what: string;
  readonly holds: boolean;
}

/** The server that a story is played on, with the tokens of its sources. */
export interface Stage {
  readonly server: RunningServer;
  /** The tools that joined the fabric of the lab. */
  readonly tools: LabTools;
  /** Sends a body to a source through the front door, as the product behind it would. @throws Error when it is refused */
  send(source: string, body: unknown): Promise<void>;
  /** The person who owns this server, signed in; it becomes owned with the first call. */
  owner(): Promise<Client>;
  /** Resolves when `done` holds; asks every 50 ms. @throws Error after 30 s */
  until(what: string, done: () => Promise<boolean> | boolean): Promise<void>;
  /** Tells whoever watches what happens now. */
  say(text: string): void;
  /** Notes what the story expects at this point, and whether it is so. */
  check(what: string, holds: boolean): void;
  /** Shows the whole story of something as it stands now: an event, a run, an address. */
  showTrace(ref: string): Promise<void>;
}

/** A story: real input through the front door, and what it must lead to. */
export interface Story {
  readonly id: string;
  readonly title: string;
  /** What happens, in a sentence or two. */
  readonly plot: string;
  /** Settings that the server is started with. */
  readonly settings?: Readonly<Record<string, string>>;
  play(stage: Stage): Promise<void>;
}

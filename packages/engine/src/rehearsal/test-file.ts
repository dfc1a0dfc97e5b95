import type { ConnectorErrorName } from '@counterpoint/connector-kit';
import type { Json, JsonObject } from '@counterpoint/core';
import type { DocumentNode, Position } from '@counterpoint/playbook';

/** Something a test file says, and where. */
export interface Located<Value> {
  readonly value: Value;
  readonly position: Position;
}

/** A `<id>.test.yaml`, read: what is common to its tests, and the tests. */
export interface PlaybookTestFile {
  /** Id of the playbook or reaction under test. */
  readonly playbook: Located<string>;
  /** What the file says that it is. */
  readonly subject: 'playbook' | 'reaction';
  readonly given: Given;
  readonly tests: readonly PlaybookTest[];
}

/** The world a run is rehearsed in. A test's own overrides that of the file, name by name. */
export interface Given {
  /** Id of the trigger that starts the run; undefined: whichever the event meets. */
  readonly trigger: Located<string> | undefined;
  /** When it happens, Unix milliseconds; undefined: 2026-01-01T00:00:00Z. */
  readonly now: number | undefined;
  /** What the trigger hands over; undefined: the run is started by hand. */
  readonly event: DocumentNode | undefined;
  /** Of a reaction: who published the event, and where it stands in its trace. */
  readonly from: Located<GivenOrigin> | undefined;
  /** Of a reaction: events that came before; undefined: none. */
  readonly earlier: Located<readonly EarlierEvent[]> | undefined;
  readonly inputs: ReadonlyMap<string, GivenInput>;
  /** How actions answer, by `alias.action`. */
  readonly actions: ReadonlyMap<string, Stub<ActionAnswer>>;
  /** How called playbooks end, by id. */
  readonly playbooks: ReadonlyMap<string, Stub<PlaybookAnswer>>;
  /** What people say to approvals and questions, by step id or address. */
  readonly approvals: ReadonlyMap<string, GivenAnswer>;
  readonly answers: ReadonlyMap<string, GivenAnswer>;
  /** What comes for a run that waits; undefined: nothing. */
  readonly events: readonly GivenEvent[] | undefined;
  /** What tables hold, by table and key. */
  readonly tables: ReadonlyMap<string, GivenTable>;
}

/** Where the event of a reaction comes from. What is left out: this server, which is trusted, as a first event. */
export interface GivenOrigin {
  readonly participant: string | undefined;
  readonly subject: string | undefined;
  /** Whether the trust list of the participant holds the topic. */
  readonly trusted: boolean | undefined;
  readonly hop: number | undefined;
}

/** An event that came to a reaction before the one that is tested. */
export interface EarlierEvent extends GivenOrigin {
  /** Undefined: the same data. */
  readonly data: DocumentNode | undefined;
  /** Milliseconds before; default 0. */
  readonly ago: number;
}

/** What somebody says to an approval or a question. */
export interface GivenAnswer {
  readonly keyPosition: Position;
  /** Undefined for a question. */
  readonly approve: boolean | undefined;
  /** Reference of who; default `user:tester`. */
  readonly by: string | undefined;
  readonly reason: string | undefined;
  readonly form: DocumentNode | undefined;
}

/** An event that comes while the run waits. */
export interface GivenEvent {
  readonly topic: Located<string>;
  readonly data: DocumentNode | undefined;
  /** Milliseconds after the start; default 0. */
  readonly after: number;
}

/** The rows of one table. */
export interface GivenTable {
  readonly keyPosition: Position;
  /** By key. */
  readonly rows: ReadonlyMap<string, DocumentNode>;
}

/** An input as the file gives it. */
export interface GivenInput {
  readonly keyPosition: Position;
  readonly node: DocumentNode;
}

/** Stands in for an action or a called playbook. */
export interface Stub<Answer> {
  readonly keyPosition: Position;
  /** `always` repeats one answer; `in_order` gives each once. */
  readonly mode: 'always' | 'in_order';
  readonly answers: readonly Answer[];
}

/** How a stubbed action answers: with an output, with an error that surely did nothing, or with no answer at all. */
export type ActionAnswer =
  | { readonly kind: 'output'; readonly output: JsonObject; readonly node: DocumentNode }
  | { readonly kind: 'error'; readonly error: ConnectorErrorName }
  | {
      readonly kind: 'unknown';
      /** What is found out afterwards, by `verify` or by a person; undefined: nothing, so that the run waits. */
      readonly happened: boolean | undefined;
      /** The output of an attempt that happened. */
      readonly output: JsonObject | undefined;
      readonly node: DocumentNode | undefined;
    };

/** How a stubbed playbook ends: with outputs, or failed with a reason. */
export type PlaybookAnswer =
  | { readonly kind: 'output'; readonly output: Json; readonly node: DocumentNode }
  | { readonly kind: 'error'; readonly reason: string };

/** One test: a run, and what is expected of it. */
export interface PlaybookTest {
  readonly name: string;
  readonly position: Position;
  readonly given: Given;
  readonly expect: Expectation;
}

/** How a run can be expected to end; `not_started`: no trigger lets it begin. */
export const expectedStatuses = ['succeeded', 'failed', 'cancelled', 'not_started'] as const;
/** How a step can be expected to end; `skipped`: its guard was false, or its branch was not taken. */
export const expectedStepStatuses = ['succeeded', 'failed', 'skipped', 'cancelled'] as const;

/** What can become of an event at a reaction; `passed_over`: its condition does not hold. */
export const reactionOutcomes = [
  'started',
  'observed',
  'held',
  'duplicate',
  'unconfirmed',
  'refused',
  'passed_over',
] as const;
/** One of {@link reactionOutcomes}. */
export type ReactionOutcome = (typeof reactionOutcomes)[number];

/** What is expected of a run. Everything that is left out may be anything. */
export interface Expectation {
  readonly position: Position;
  /** Of a reaction: what becomes of the event, and why. */
  readonly outcome: Located<ReactionOutcome> | undefined;
  readonly reason: Located<string> | undefined;
  readonly status: Located<(typeof expectedStatuses)[number]> | undefined;
  /** Name (`unauthorized`) or code (`connector.unauthorized`) of the error that ends the run. */
  readonly error: Located<string> | undefined;
  /** By step id (every round of it, in a loop) or address (`verdicts[0].rep`). */
  readonly steps: ReadonlyMap<string, Located<(typeof expectedStepStatuses)[number]>>;
  /** Each must be met by a call of its own, in any order. */
  readonly calls: readonly ExpectedCall[];
  /** `alias.action`, or the id of a playbook. */
  readonly notCalled: readonly Located<string>[];
  /** Ids of steps whose effects an `undo` step takes back. */
  readonly undone: readonly Located<string>[];
  readonly published: readonly ExpectedEvent[];
  /** A part of the run's outputs. */
  readonly outputs: DocumentNode | undefined;
}

/** A call of an action (`alias.action`) or of a playbook (its id). */
export interface ExpectedCall {
  readonly kind: 'action' | 'playbook';
  readonly name: Located<string>;
  /** A part of its arguments. */
  readonly with: DocumentNode | undefined;
  /** Milliseconds. */
  readonly lease: Located<number> | undefined;
}

/** An event that the run publishes. */
export interface ExpectedEvent {
  readonly topic: Located<string>;
  /** A part of its data. */
  readonly data: DocumentNode | undefined;
}
